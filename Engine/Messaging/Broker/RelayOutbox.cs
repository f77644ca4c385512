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
    private const int MaxCallers = 10_000;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly string Take = EngineSql.Of<RelayOutbox>("relay-take.sql");
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
        try
        {
            for (int taken = MaxRows; taken == MaxRows; sent += taken) taken = await RelayOnceAsync();
        }
        catch (NpgsqlException e)
        {
            throw StorageFaults.Translate(e);
        }

        return [.. Enumerable.Repeat(sent, callers.Count)];
    }

    private async Task<int> RelayOnceAsync()
    {
        List<Row> rows = await TakeAsync();
        if (rows.Count == 0) return 0;
        IEnumerable<IGrouping<string, BrokerMessage>> entities = rows
            .OrderBy(r => r.EnqueuedAt).ThenBy(r => r.Message.Message.Id)
            .Select(r => r.Message)
            .GroupBy(m => m.Entity);
        await Task.WhenAll(entities.Select(SendAsync));
        return rows.Count;
    }

    // One broken queue must not hold the others up: what was sent goes at once.
    private async Task SendAsync(IGrouping<string, BrokerMessage> entity)
    {
        await _broker.SendAsync(entity.Key, [.. entity], CancellationToken.None);
        await using NpgsqlCommand delete = _database.CreateCommand("delete from queue_messages where id = any($1)");
        delete.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, entity.Select(m => m.Message.Id).ToArray()));
        await delete.ExecuteNonQueryAsync();
    }

    private async Task<List<Row>> TakeAsync()
    {
        await using NpgsqlCommand command = _database.CreateCommand(Take);
        command.Parameters.Add(Sql.Value(MaxRows));
        command.Parameters.Add(Sql.Value(Lease));
        List<Row> rows = [];
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
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
        };
        string? history = row.IsDBNull(8) ? null : row.GetString(8);
        // A redriven message has been through the broker before; its first id would be taken for a duplicate.
        string? round = history is null ? null : row.GetString(9);
        return new(
            new BrokerMessage(message, History: history) { Round = round }, row.GetFieldValue<DateTimeOffset>(10));
    }

    private sealed record Row(BrokerMessage Message, DateTimeOffset EnqueuedAt);
}
