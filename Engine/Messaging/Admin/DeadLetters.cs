using Npgsql;
using NpgsqlTypes;
using Vellarys.Messaging.Postgres;
using Vellarys.Storage;

namespace Vellarys.Messaging.Admin;

/// <summary>What an operator does with messages that were given up: look, try again, throw away.</summary>
internal sealed class DeadLetters
{
    private static readonly string Select = EngineSql.Read("Messaging.Admin.list-dead-letters.sql");
    private static readonly string Redrive = EngineSql.Read("Messaging.Admin.redrive.sql");
    private readonly NpgsqlDataSource _source;
    private readonly LocalConsumers _local;
    private readonly PeerNotifier _peers;

    internal DeadLetters(NpgsqlDataSource source, LocalConsumers local, PeerNotifier peers) =>
        (_source, _local, _peers) = (source, local, peers);

    /// <summary>The latest first.</summary>
    /// <param name="queue">Null for all queues.</param>
    /// <param name="subject">What the message is about, exactly; null for all.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="count">Page size, 1 to 500.</param>
    public Task<IReadOnlyList<DeadLetter>> ListAsync(
        string? queue, string? subject, DeadLetterCursor? after, int count, CancellationToken cancellationToken) =>
        SelectAsync(queue, subject, after, null, Math.Clamp(count, 1, 500), cancellationToken);

    /// <summary>Null when there is none (any more).</summary>
    public async Task<DeadLetter?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        (await SelectAsync(null, null, null, id, 1, cancellationToken)).SingleOrDefault();

    /// <summary>
    /// Puts one back into its queue, all attempts ahead of it. False when it was not there (any more).
    /// </summary>
    public async Task<bool> RedriveAsync(Guid id, CancellationToken cancellationToken) =>
        await RedriveAsync(id, null, cancellationToken) > 0;

    /// <summary>Puts all of a queue back; returns how many.</summary>
    public Task<int> RedriveAllAsync(string queue, CancellationToken cancellationToken) =>
        RedriveAsync(null, queue, cancellationToken);

    /// <summary>Throws one away. False when it was not there (any more).</summary>
    public async Task<bool> PurgeAsync(Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _source.CreateWorkerBatch(
            "delete from queue_dead_letters where id = $1", Sql.Value(id));
        return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>Throws away all of a queue that died before <paramref name="diedBefore"/>; returns how many.</summary>
    public async Task<int> PurgeAllAsync(string queue, DateTimeOffset diedBefore, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _source.CreateWorkerBatch(
            "delete from queue_dead_letters where queue = $1 and died_at < $2",
            Sql.Value(queue), Sql.Value(diedBefore.UtcDateTime));
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<int> RedriveAsync(Guid? id, string? queue, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _source.CreateWorkerBatch(
            Redrive, Sql.Nullable(NpgsqlDbType.Uuid, id), Sql.Nullable(NpgsqlDbType.Text, queue));
        List<string> queues = [];
        await using (NpgsqlDataReader row = await batch.ReadRowsAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken)) queues.Add(row.GetString(0));
        }

        foreach (string woken in queues.Distinct())
        {
            _local.Find(woken)?.Wake();
            _peers.Tell(woken);
        }

        return queues.Count;
    }

    private async Task<IReadOnlyList<DeadLetter>> SelectAsync(
        string? queue, string? subject, DeadLetterCursor? after, Guid? id, int count,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _source.CreateWorkerBatch(
            Select, Sql.Nullable(NpgsqlDbType.Text, queue), Sql.Nullable(NpgsqlDbType.Text, subject),
            Sql.Nullable(NpgsqlDbType.TimestampTz, after?.DiedAt.UtcDateTime),
            Sql.Nullable(NpgsqlDbType.Uuid, after?.Id), Sql.Nullable(NpgsqlDbType.Uuid, id), Sql.Value((long)count));
        List<DeadLetter> letters = [];
        await using NpgsqlDataReader row = await batch.ReadRowsAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) letters.Add(Read(row));
        return letters;
    }

    private static DeadLetter Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), (QueuePriority)row.GetInt16(2), row.GetInt16(3),
        row.IsDBNull(4) ? null : new TenantId(row.GetGuid(4)), row.IsDBNull(5) ? null : row.GetString(5),
        row.GetString(6), row.GetString(7), row.GetString(8), row.GetString(9),
        row.GetFieldValue<DateTimeOffset>(10), row.GetFieldValue<DateTimeOffset>(11));
}
