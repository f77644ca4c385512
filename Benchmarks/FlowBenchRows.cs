using Npgsql;

namespace Vellarys.Benchmarks;

/// <summary>What is left of the flows when all is over.</summary>
/// <param name="Advances">Transactions that moved a flow.</param>
/// <param name="Running">Not ended.</param>
/// <param name="Unseen">Signals that no advance has seen, of flows that run.</param>
/// <param name="Lost">Conversations that were handed off without a flow that ended with them.</param>
/// <param name="Doubled">Notices beyond one for each step that gave one.</param>
/// <param name="TwoOwners">Flows that were offered to somebody else while a person was in charge.</param>
internal sealed record FlowBooks(
    long Advances, long Running, long Unseen, long Lost, long Doubled, long Missing, long TwoOwners);

/// <summary>The statements of the flow benchmark: agents and customers, played by the database's owner.</summary>
internal static class FlowBenchRows
{
    // Given beyond what was wanted, and wanted but never given.
    private const string Notices =
        """
        select coalesce(sum(greatest(n.given - n.wanted, 0)), 0)::bigint,
            coalesce(sum(greatest(n.wanted - n.given, 0)), 0)::bigint
        from (
            select coalesce(g.n, 0) as given, coalesce(w.n, 0) as wanted
            from (select flow_id, count(*) as n from notifications where kind = 'handoff_offered' group by 1) g
            full join (
                select flow_id, count(*) as n from flow_events where 'NotifyAgent' = any (commands) group by 1
            ) w using (flow_id)) n
        """;

    public static async Task SeedAsync(NpgsqlDataSource owner, int flows, int agents, int capacity)
    {
        await RunAsync(owner, """
            insert into tenants (id, name, settings) values (new_id(), 'Loja', '{"handoff":{"offerSeconds":5}}')
            """);
        await RunAsync(owner, """
            insert into channels (tenant_id, id, kind, address) select id, new_id(), 'sandbox', 'bench' from tenants
            """);
        await RunAsync(owner, """
            insert into agents (tenant_id, id, name, presence, capacity)
            select t.id, new_id(), 'Agente ' || n, 'online', $2 from tenants t, generate_series(1, $1) n
            """, agents, capacity);
        await RunAsync(owner, """
            insert into contacts (tenant_id, id, name)
            select t.id, new_id(), 'Cliente ' || n from tenants t, generate_series(1, $1) n
            """, flows);
        await RunAsync(owner, """
            insert into leads (tenant_id, id, contact_id) select tenant_id, new_id(), id from contacts
            """);
        await RunAsync(owner, """
            insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to)
            select l.tenant_id, new_id(), c.id, l.contact_id, l.id, 'bench' from leads l, channels c
            """);
        await RunAsync(owner, "analyze");
    }

    public static Task RaiseAsync(NpgsqlDataSource owner) => RunAsync(
        owner, "update conversations set status = 'waiting', handoff_reason = 'customer_asked'");

    public static Task<long> OpenAsync(NpgsqlDataSource owner) =>
        ScalarAsync(owner, "select count(*) from conversations where status <> 'closed'");

    /// <summary>Those who are asked accept or let it pass; those in charge answer, pass on or close.</summary>
    public static async Task<int> ActAsync(NpgsqlDataSource owner, Random random)
    {
        int moved = 0;
        moved += await RunAsync(
            owner,
            """
            update conversations set status = 'human', epoch = epoch + 1
            where id in (select id from conversations where status = 'waiting' and user_id is not null limit 1500
                for update skip locked)
            """);
        moved += await RunAsync(
            owner,
            """
            update conversations set status = 'closed', user_id = null, closed_at = now()
            where id in (select id from conversations where status = 'human' limit 1200 for update skip locked)
            """);
        if (random.Next(5) != 0) return moved;
        await RunAsync(
            owner,
            """
            select signal_flow(f.tenant_id, f.id, new_id(), json_build_object('kind', 'declined', 'agent', c.user_id))
            from conversations c
            join flows f on f.conversation_id = c.id and f.ended_at is null
            where c.status = 'waiting' and c.user_id is not null
            limit 50
            """);
        return moved;
    }

    /// <summary>Until nothing waits for a flow any more, or nothing has moved for a minute.</summary>
    public static async Task ComeToRestAsync(NpgsqlDataSource owner)
    {
        long last = -1;
        for (int still = 0; still < 120;)
        {
            long left = await ScalarAsync(
                owner, "select count(*) from queue_messages where queue = 'flow-events' and due_at <= now() + '1 s'");
            long open = await ScalarAsync(owner, "select count(*) from flows where ended_at is null");
            if (left == 0 && open == 0) return;
            still = left + open == last ? still + 1 : 0;
            last = left + open;
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    public static async Task<FlowBooks> BooksAsync(NpgsqlDataSource owner) => new(
        await ScalarAsync(owner, "select sum(version) from flows"),
        await ScalarAsync(owner, "select count(*) from flows where ended_at is null"),
        await ScalarAsync(
            owner,
            """
            select count(*) from flow_events e join flows f on f.id = e.flow_id
            where e.version is null and f.ended_at is null
            """),
        await ScalarAsync(
            owner,
            """
            select count(*) from conversations c where not exists (
                select from flows f where f.conversation_id = c.id and f.outcome = 'closed')
            """),
        await ScalarAsync(owner, Notices),
        await ScalarAsync(owner, Notices, column: 1),
        await ScalarAsync(
            owner,
            """
            select count(*) from (
                select e.state, lag(e.state) over (partition by e.flow_id order by e.seq) as before from flow_events e
            ) s
            where s.state = 'Offered' and s.before = 'Attended'
            """));

    private static async Task<int> RunAsync(NpgsqlDataSource owner, string sql, params int[] parameters)
    {
        await using NpgsqlCommand command = owner.CreateCommand(sql);
        foreach (int parameter in parameters) command.Parameters.Add(new() { Value = parameter });
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource owner, string sql, int column = 0)
    {
        await using NpgsqlCommand command = owner.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return reader.GetInt64(column);
    }
}
