using Npgsql;
using NpgsqlTypes;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>One row as leased.</summary>
/// <param name="DueAt">Where it stood in the queue before the lease.</param>
/// <param name="Deliveries">How often it was handed out, this time included.</param>
/// <param name="Failures">How many of those ended with a failed attempt.</param>
internal sealed record LeasedRow(QueueMessage Message, DateTime DueAt, int Deliveries, int Failures);

/// <summary>What a look into the queue found.</summary>
/// <param name="Now">Database time.</param>
/// <param name="NextDue">How long until more may be due; null for longer than the horizon.</param>
internal sealed record Leased(List<LeasedRow> Rows, DateTime Now, TimeSpan? NextDue);

/// <summary>What a look behind the front of a crowded queue found.</summary>
/// <param name="Left">For each tenant of which rows were left, the first of them.</param>
/// <param name="End">The last row that was looked at; null when there was none.</param>
/// <param name="Now">Database time.</param>
internal sealed record LeasedOthers(
    List<LeasedRow> Rows, Dictionary<Guid, QueuePlace> Left, QueuePlace? End, DateTime Now);

/// <summary>The statements of a consumer: lease, renew, settle. Every lease carries <paramref name="owner"/>.</summary>
internal sealed class LeaseStore(NpgsqlDataSource source, Guid owner)
{
    // A row that is locked is being settled: waiting for it would be for nothing, and could deadlock.
    private const string Renew =
        """
        update queue_messages set due_at = now() + $2
        where id = any (array(
            select id from queue_messages where id = any($1) and locked_by = $3 for update skip locked))
        """;

    private static readonly string Dequeue = EngineSql.Of<LeaseStore>("dequeue.sql");
    private static readonly string DequeueOthers = EngineSql.Of<LeaseStore>("dequeue-others.sql");
    private static readonly string NextDue = EngineSql.Of<LeaseStore>("next-due.sql");
    private static readonly string Retry = EngineSql.Of<LeaseStore>("retry.sql");
    private static readonly string Bury = EngineSql.Of<LeaseStore>("bury.sql");
    private static readonly short[] Priorities = [0, 1, 2];

    /// <summary>
    /// Leases up to <paramref name="count"/> due messages, in the order in which they are to be started.
    /// </summary>
    /// <param name="floors">For each priority, the due time from which to look.</param>
    /// <param name="horizon">How far to look ahead for the next due message.</param>
    public async Task<Leased> DequeueAsync(
        string queue, int count, DateTime[] floors, TimeSpan lockFor, TimeSpan horizon)
    {
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(Sql.Settings());
        batch.BatchCommands.Add(new(Dequeue)
        {
            Parameters =
            {
                Sql.Value(queue), Sql.Array(NpgsqlDbType.Smallint, Priorities),
                Sql.Array(NpgsqlDbType.TimestampTz, floors), Sql.Value((long)count), Sql.Value(lockFor),
                Sql.Value(owner),
            },
        });
        batch.BatchCommands.Add(new(NextDue)
        {
            Parameters = { Sql.Value(queue), Sql.Array(NpgsqlDbType.Smallint, Priorities), Sql.Value(horizon) },
        });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var rows = new List<LeasedRow>();
        while (await reader.ReadAsync()) rows.Add(Read(reader, queue));
        rows.Sort(Order);
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return new(rows, reader.GetDateTime(0), await reader.IsDBNullAsync(1) ? null : Ahead(reader.GetDouble(1)));
    }

    /// <summary>Leases what other tenants than the one that crowds the queue have waiting from a place on.</summary>
    /// <param name="window">How many rows to look at.</param>
    /// <param name="crowd">The tenant, and what it holds: nobody gets more than that.</param>
    /// <param name="shares">What each tenant holds.</param>
    public async Task<LeasedOthers> DequeueOthersAsync(
        string queue, short priority, QueuePlace start, int window, int count, (TenantId Tenant, int Held) crowd,
        IReadOnlyDictionary<Guid, int> shares, TimeSpan lockFor)
    {
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(Sql.LookSettings());
        batch.BatchCommands.Add(new(DequeueOthers)
        {
            Parameters =
            {
                Sql.Value(queue), Sql.Value(priority), Sql.Value(start.DueAt), Sql.Value(start.Id),
                Sql.Value((long)window), Sql.Value((long)count), Sql.Value(crowd.Tenant.Value),
                Sql.Value((long)crowd.Held), Sql.Array(NpgsqlDbType.Uuid, shares.Keys.ToArray()),
                Sql.Array(NpgsqlDbType.Integer, shares.Values.ToArray()), Sql.Value(lockFor), Sql.Value(owner),
            },
        });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        LeasedOthers found = new([], [], null, reader.GetDateTime(0));
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            QueuePlace place = new(reader.GetDateTime(2), reader.GetGuid(0));
            string what = reader.GetString(9);
            if (what == "leased") found.Rows.Add(Read(reader, queue));
            else if (what == "end") found = found with { End = place };
            else found.Left[reader.IsDBNull(5) ? Guid.Empty : reader.GetGuid(5)] = place;
        }

        found.Rows.Sort(Order);
        return found;
    }

    /// <summary>Moves the end of leases that this process still holds.</summary>
    public async Task RenewAsync(Guid[] ids, TimeSpan lockFor)
    {
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(Sql.Settings());
        batch.BatchCommands.Add(new(Renew)
        {
            Parameters = { Sql.Array(NpgsqlDbType.Uuid, ids), Sql.Value(lockFor), Sql.Value(owner) },
        });
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Settles a set in one transaction. A lease that another holds by now is left alone, except by completion.
    /// </summary>
    public async Task SettleAsync(IReadOnlyList<Completion> set)
    {
        await using NpgsqlBatch batch = source.CreateBatch();
        batch.BatchCommands.Add(Sql.Settings());
        Completion[] done = [.. set.Where(s => s.Kind == CompletionKind.Complete)];
        if (done.Length > 0) batch.BatchCommands.Add(Complete(done));
        Completion[] back = [.. set.Where(s => s.Kind is CompletionKind.Abandon or CompletionKind.Defer)];
        if (back.Length > 0)
        {
            batch.BatchCommands.Add(new(Retry)
            {
                Parameters =
                {
                    Ids(back), Sql.Array(NpgsqlDbType.Interval, System.Array.ConvertAll(back, s => s.Delay)),
                    Sql.Array(NpgsqlDbType.Text, System.Array.ConvertAll(back, s => s.Code)), Attempts(back),
                    Sql.Value(owner),
                },
            });
        }

        Completion[] dead = [.. set.Where(s => s.Kind == CompletionKind.DeadLetter)];
        if (dead.Length > 0)
        {
            batch.BatchCommands.Add(new(Bury)
            {
                Parameters =
                {
                    Ids(dead), Sql.Array(NpgsqlDbType.Text, System.Array.ConvertAll(dead, s => s.Code)),
                    Sql.Array(NpgsqlDbType.Text, System.Array.ConvertAll(dead, s => s.Reason)), Attempts(dead),
                    Sql.Value(owner),
                },
            });
        }

        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatchCommand Complete(Completion[] done) =>
        new("delete from queue_messages where id = any($1)") { Parameters = { Ids(done) } };

    private static NpgsqlParameter<Guid[]> Ids(Completion[] set) =>
        Sql.Array(NpgsqlDbType.Uuid, System.Array.ConvertAll(set, s => s.Delivery.Message.Id));

    private static NpgsqlParameter<int[]> Attempts(Completion[] set) =>
        Sql.Array(NpgsqlDbType.Integer, System.Array.ConvertAll(set, s => s.Delivery.Attempt));

    private static TimeSpan Ahead(double milliseconds) =>
        TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, milliseconds)));

    private static LeasedRow Read(NpgsqlDataReader row, string queue) => new(
        new QueueMessage(queue, row.GetGuid(0), row.GetString(7))
        {
            Priority = (QueuePriority)row.GetInt16(1),
            Tenant = row.IsDBNull(5) ? null : new TenantId(row.GetGuid(5)),
            Subject = row.IsDBNull(6) ? null : row.GetString(6),
            TraceParent = row.IsDBNull(8) ? null : row.GetString(8),
        },
        row.GetDateTime(2),
        row.GetInt16(3),
        row.GetInt32(4));

    // An update returns its rows in no promised order.
    private static int Order(LeasedRow a, LeasedRow b)
    {
        int byPriority = a.Message.Priority.CompareTo(b.Message.Priority);
        if (byPriority != 0) return byPriority;
        int byDue = a.DueAt.CompareTo(b.DueAt);
        return byDue != 0 ? byDue : a.Message.Id.CompareTo(b.Message.Id);
    }
}
