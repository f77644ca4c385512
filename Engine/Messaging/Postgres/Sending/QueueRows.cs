using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Vellarys.Messaging.Postgres.Sending;

/// <summary>
/// Inserts messages. A row is due at once, at its time, or born leased to a consumer of this process.
/// </summary>
internal static class QueueRows
{
    /// <summary>A null lock means not leased. Times past are now: the queue's order is by arrival.</summary>
    private const string Insert =
        """
        insert into queue_messages
            (id, queue, priority, due_at, attempts, locked_by, tenant_id, subject, body, trace_parent, order_key)
        select id, queue, priority, now() + coalesce(lock_for, greatest(not_before - now(), '0')),
            case when lock_for is null then 0 else 1 end, case when lock_for is null then null else $10 end,
            tenant_id, subject, body, trace_parent, order_key
        from unnest($1::uuid[], $2::text[], $3::smallint[], $4::timestamptz[], $5::interval[], $6::uuid[], $7::text[],
            $8::text[], $9::text[], $11::uuid[])
            as row (id, queue, priority, not_before, lock_for, tenant_id, subject, body, trace_parent, order_key)
        on conflict (id) do nothing
        """;

    private const string InsertReturning = Insert + "\nreturning id";

    /// <param name="locks">For each message how long its lease lasts, or null; null for none at all.</param>
    /// <param name="owner">Who holds those leases.</param>
    /// <param name="returning">Return the ids of rows that were not there yet.</param>
    public static NpgsqlBatchCommand Command(
        IReadOnlyList<QueueMessage> messages, TimeSpan?[]? locks, Guid owner, bool returning)
    {
        int n = messages.Count;
        return new(returning ? InsertReturning : Insert)
        {
            Parameters =
            {
                Column(NpgsqlDbType.Uuid, messages, m => m.Id), Column(NpgsqlDbType.Text, messages, m => m.Queue),
                Column(NpgsqlDbType.Smallint, messages, m => (short)m.Priority),
                Column(NpgsqlDbType.TimestampTz, messages, m => m.NotBefore?.UtcDateTime),
                Sql.Array(NpgsqlDbType.Interval, locks ?? new TimeSpan?[n]),
                Column(NpgsqlDbType.Uuid, messages, m => m.Tenant?.Value),
                Column(NpgsqlDbType.Text, messages, m => m.Subject), Column(NpgsqlDbType.Text, messages, m => m.Body),
                Column(NpgsqlDbType.Text, messages, m => m.TraceParent), Sql.Value(owner),
                Column(NpgsqlDbType.Uuid, messages, m => m.OrderKey),
            },
        };
    }

    /// <summary>Marks messages with the trace that sends them, where their sender did not.</summary>
    public static IReadOnlyList<QueueMessage> Stamped(IReadOnlyList<QueueMessage> messages) =>
        Activity.Current?.Id is { } trace
            ? [.. messages.Select(m => m.TraceParent is null ? m with { TraceParent = trace } : m)]
            : messages;

    private static NpgsqlParameter<T[]> Column<T>(
        NpgsqlDbType type, IReadOnlyList<QueueMessage> messages, Func<QueueMessage, T> value)
    {
        var values = new T[messages.Count];
        for (int i = 0; i < values.Length; i++) values[i] = value(messages[i]);
        return Sql.Array(type, values);
    }
}
