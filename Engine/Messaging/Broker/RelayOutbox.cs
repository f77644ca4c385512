using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Vellarys.Messaging.Postgres;
using Vellarys.Storage;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// Moves what transactions left in the outbox to the broker. A row goes only once the broker has it: at least once.
/// Callers at the same time share a run, and none shares one that began before it called.
/// </summary>
public sealed class RelayOutbox
{
    private const int MaxRows = 256;
    private const int MaxRounds = 8;
    private const int MaxCallers = 10_000;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly string Take = EngineSql.Of<RelayOutbox>("relay-take.sql");
    private static readonly string Bury = EngineSql.Of<RelayOutbox>("relay-bury.sql");
    private readonly Batcher<bool, int> _runs;
    private readonly NpgsqlDataSource _database;
    private readonly IBroker _broker;
    private readonly ILogger<RelayOutbox> _logger;

    public RelayOutbox(NpgsqlDataSource database, IBroker broker, ILogger<RelayOutbox> logger)
    {
        (_database, _broker, _logger) = (database, broker, logger);
        _runs = new(MaxCallers, 1, RelayAsync, _ => true);
    }

    /// <summary>Returns how many messages went out in the run that was shared.</summary>
    /// <exception cref="TransientFault">Database or broker are away; the rows stay.</exception>
    public Task<int> RunAsync(CancellationToken cancellationToken) => _runs.AddAsync(true).WaitAsync(cancellationToken);

    /// <summary>
    /// After a commit: what cannot be relayed now is left to the job, and logged.
    /// </summary>
    public async Task TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
        }
#pragma warning disable CA1031 // What was committed stays committed: its sender must not fail for what comes after.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RelayLater(_logger, Failure.Of(e).Code);
        }
    }

    private async Task<IReadOnlyList<int>> RelayAsync(IReadOnlyList<bool> callers)
    {
        int sent = 0;
        TransientFault? failure = null;
        try
        {
            // What a failed queue left behind stays leased, so that the next round comes to the others.
            for (int round = 0, taken = MaxRows; taken == MaxRows && round < MaxRounds; round++)
            {
                (taken, int gone, TransientFault? failed) = await RelayOnceAsync();
                (sent, failure) = (sent + gone, failure ?? failed);
            }
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }

        return failure is null ? [.. Enumerable.Repeat(sent, callers.Count)] : throw failure;
    }

    private async Task<(int Taken, int Sent, TransientFault? Failure)> RelayOnceAsync()
    {
        List<Row> rows = await TakeAsync();
        IEnumerable<IGrouping<string, BrokerMessage>> entities = rows
            .OrderBy(r => r.EnqueuedAt).ThenBy(r => r.Message.Message.Id)
            .Select(r => r.Message)
            .GroupBy(m => m.Entity);
        (int Sent, TransientFault? Failure)[] results =
            await Task.WhenAll(entities.Select(e => TrySendAsync(e.Key, [.. e])));
        TransientFault? failure = results.Select(r => r.Failure).FirstOrDefault(f => f is not null);
        return (rows.Count, results.Sum(r => r.Sent), failure);
    }

    // One broken queue must not hold the others up.
    private async Task<(int Sent, TransientFault? Failure)> TrySendAsync(
        string entity, IReadOnlyList<BrokerMessage> messages)
    {
        try
        {
            await SendAsync(entity, messages);
            return (messages.Count, null);
        }
        catch (TransientFault e)
        {
            return (0, e);
        }
    }

    // Nor a message that the broker will never take its neighbours.
    private async Task SendAsync(string entity, IReadOnlyList<BrokerMessage> messages)
    {
        try
        {
            await _broker.SendAsync(entity, messages, CancellationToken.None);
        }
        catch (PermanentFault e)
        {
            if (messages.Count == 1)
            {
                await BuryAsync(messages[0], e);
                return;
            }

            foreach (BrokerMessage message in messages) await SendAsync(entity, [message]);
            return;
        }

        await using NpgsqlBatch delete = _database.CreateWorkerBatch(
            "delete from queue_messages where id = any($1)",
            Sql.Array(NpgsqlDbType.Uuid, messages.Select(m => m.Message.Id).ToArray()));
        await delete.ExecuteNonQueryAsync();
    }

    private async Task BuryAsync(BrokerMessage message, PermanentFault refused)
    {
        Log.Died(_logger, message.Message.Queue, message.Message.Id, message.Attempt, refused.Code, "");
        await using NpgsqlBatch bury = _database.CreateWorkerBatch(
            Bury, Sql.Value(message.Message.Id), Sql.Value(refused.Code), Sql.Value(refused.Message));
        await bury.ExecuteNonQueryAsync();
    }

    private async Task<List<Row>> TakeAsync()
    {
        await using NpgsqlBatch batch = _database.CreateWorkerBatch(Take, Sql.Value(MaxRows), Sql.Value(Lease));
        List<Row> rows = [];
        await using NpgsqlDataReader row = await batch.ReadRowsAsync(CancellationToken.None);
        while (await row.ReadAsync()) rows.Add(Read(row));
        return rows;
    }

    private static Row Read(NpgsqlDataReader row)
    {
        QueueMessage message = new(row.GetString(1), row.GetGuid(0), row.GetString(6))
        {
            Priority = (QueuePriority)row.GetInt16(2),
            NotBefore = row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
            Tenant = row.IsDBNull(4) ? null : new TenantId(row.GetGuid(4)),
            Subject = row.IsDBNull(5) ? null : row.GetString(5),
            TraceParent = row.IsDBNull(7) ? null : row.GetString(7),
            OrderKey = row.IsDBNull(11) ? null : row.GetGuid(11),
        };
        string? history = row.IsDBNull(8) ? null : row.GetString(8);
        // A redriven message has been through the broker before; its first id would be taken for a duplicate.
        string? round = history is null ? null : row.GetString(9);
        return new(
            new BrokerMessage(message, History: history) { Round = round }, row.GetFieldValue<DateTimeOffset>(10));
    }

    private sealed record Row(BrokerMessage Message, DateTimeOffset EnqueuedAt);
}
