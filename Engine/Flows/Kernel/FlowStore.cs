using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>The two round trips of an advance.</summary>
internal static class FlowStore
{
    // The order of locks: a flow's row first, then whatever its commands touch. Signals only insert, so they never
    // wait for an advance.
    private const string Lock =
        """
        select name, conversation_id, contact_id, state, version, listens, wake_at, ended_at is not null
        from flows
        where tenant_id = $1 and id = $2
        for no key update
        """;

    private const string Unseen =
        """
        select id, body, happened_at
        from flow_events
        where tenant_id = $1 and flow_id = $2 and version is null
        order by seq
        """;

    private const string Update =
        """
        update flows set state = $3::json, version = $4, listens = $5, wake_at = $6, outcome = coalesce($7, outcome),
            ended_at = case when $8 then coalesce(ended_at, $9) end, advanced_at = $9, faults = 0, fault = null,
            restarts = 0
        where tenant_id = $1 and id = $2
        """;

    private const string Apply =
        """
        insert into flow_events as e (tenant_id, flow_id, id, body, happened_at, applied_at, version, state, commands)
        select $1, $2, a.id, a.body::json, a.happened_at, $9, $3, a.state,
            coalesce(string_to_array(nullif(a.commands, ''), ','), '{}')
        from unnest($4::uuid[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])
            as a (id, body, happened_at, state, commands)
        on conflict (tenant_id, flow_id, id)
        do update set applied_at = excluded.applied_at, version = excluded.version, state = excluded.state,
            commands = excluded.commands
        """;

    public static async Task<(FlowRow? Row, List<FlowSignal> Unseen)> LockAsync(
        NpgsqlConnection connection, TenantId tenant, FlowId id, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock).With(tenant.Value).With(id.Value));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Unseen).With(tenant.Value).With(id.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (null, []);
        FlowRow row = Read(reader, id);
        await reader.NextResultAsync(cancellationToken);
        var unseen = new List<FlowSignal>();
        while (await reader.ReadAsync(cancellationToken))
        {
            unseen.Add(new FlowSignal(
                reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return (row, unseen);
    }

    public static void Write(NpgsqlBatch batch, TenantId tenant, FlowAdvance advance, DateTimeOffset now)
    {
        FlowRow row = advance.Row;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Update)
            .With(tenant.Value)
            .With(row.Id.Value)
            .With(row.State)
            .With(row.Version)
            .With(FlowLabels.Of(row.Listens))
            .With(row.WakeAt?.UtcDateTime)
            .With(advance.Outcome)
            .With(row.Ended)
            .With(now.UtcDateTime));
        IReadOnlyList<AppliedEvent> applied = advance.Applied;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Apply)
            .With(tenant.Value)
            .With(row.Id.Value)
            .With(row.Version)
            .WithColumn(applied, a => a.Signal.Id)
            .WithColumn(applied, a => a.Signal.Body)
            .WithColumn(applied, a => a.Signal.At.UtcDateTime)
            .WithColumn(applied, a => a.State)
            .WithColumn(applied, a => string.Join(',', a.Commands))
            .With(now.UtcDateTime));
    }

    private static FlowRow Read(NpgsqlDataReader reader, FlowId id) => new(
        id, reader.GetString(0), new ConversationId(reader.GetGuid(1)), reader.GetGuid(2),
        reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt32(4), FlowLabels.Listens(reader.GetString(5)),
        reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6), reader.GetBoolean(7));
}
