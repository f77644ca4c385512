using System.Text.Json;
using Npgsql;
using Vellarys.Accounts.Teams;
using Vellarys.Flows.Reengagement;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>
/// Statements of the product itself, in its role and scope, over rows as a busy tenant has them, with every index in
/// place: the planner takes the one that was made for each.
/// </summary>
public sealed class StatementPlanTests(StatementPlanTests.Busy busy) : IClassFixture<StatementPlanTests.Busy>
{
    [Fact]
    public async Task ScanForTheSilent_ReadsThoseWithoutAFlowFromTheirIndex()
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        List<Node> plan = await busy.ExplainAsync(
            new NpgsqlBatchCommand(EngineSql.Of<ScanReengagement>("scan-reengagement.sql"))
                .With(busy.Tenant.Value).With(now.AddDays(-2)).With(now).With(3).With(500));

        // The first is the scan; what it finds is marked further on, by key.
        Node leads = plan.First(n => n.Table == "leads");
        Assert.Equal(("ix_leads_reengagement", 0), (leads.Index, leads.Removed));
        Assert.InRange(leads.Rows, 1, Busy.Silent);
        Assert.DoesNotContain(plan, n => n.Index == "ix_leads_active");
    }

    [Fact]
    public async Task ListOfTheUnread_ReadsTheFewThatAre()
    {
        List<Node> plan = await busy.ExplainAsync(
            new NpgsqlBatchCommand(ListNotifications.Unread)
                .With(busy.Tenant.Value).With(busy.Agent).With((DateTime?)null).With((Guid?)null).With(50));
        Node read = Assert.Single(plan, n => n.Table == "notifications");
        Assert.Equal(("ix_notifications_unread", Busy.UnreadEach), (read.Index, read.Rows));
        Assert.InRange(read.Removed, 0, Busy.UnreadEach * Busy.Agents);
    }

    /// <summary>A tenant in the middle of its day.</summary>
    public sealed class Busy : IAsyncLifetime
    {
        internal const int Silent = 30;
        internal const int Agents = 4;
        internal const int UnreadEach = 2;
        private TestDatabase _db = null!;

        internal TenantId Tenant { get; } = new(Ids.New(TimeProvider.System));

        internal Guid Agent { get; } = Ids.New(TimeProvider.System);

        public async Task InitializeAsync()
        {
            _db = await TestDatabase.CreateAsync();
            await using NpgsqlConnection owner = await _db.Owner.OpenConnectionAsync();
            // Of the last two days' leads nine in ten have a flow by now; those before were given up.
            await using NpgsqlBatch rows = new(owner)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand("insert into tenants (id, name) values ($1, 'A')").With(Tenant.Value),
                    new("insert into channels (tenant_id, id, kind, address) "
                        + "select id, gen_random_uuid(), 'sandbox', 'one' from tenants"),
                    new(
                        """
                        insert into contacts (tenant_id, id, name, phone)
                        select t.id, gen_random_uuid(), 'x', '55119' || lpad(g::text, 8, '0')
                        from tenants t, generate_series(1, 4000) g
                        """),
                    new(
                        """
                        insert into leads (tenant_id, id, contact_id, phone, last_activity_at, reengagement_status)
                        select c.tenant_id, gen_random_uuid(), c.id, c.phone,
                            now() - interval '1 hour' - interval '1 minute' * right(c.phone, 8)::int,
                            case when right(c.phone, 8)::int > 2900 then 'lost'
                                when right(c.phone, 8)::int % 100 = 0 then 'none' else 'running' end
                        from contacts c
                        """),
                    new(
                        """
                        insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to,
                            last_inbound_at, turn, answered_turn)
                        select l.tenant_id, gen_random_uuid(), c.id, l.contact_id, l.id, l.phone,
                            l.last_activity_at, 1, 1
                        from leads l, channels c
                        """),
                    new NpgsqlBatchCommand(
                        """
                        insert into agents (tenant_id, id, name)
                        select t.id, case when g = 1 then $1 else gen_random_uuid() end, 'agent ' || g
                        from tenants t, generate_series(1, $2) g
                        """).With(Agent).With(Agents),
                    new NpgsqlBatchCommand(
                        """
                        insert into notifications (tenant_id, id, agent_id, kind, read, created_at)
                        select a.tenant_id, gen_random_uuid(), a.id, 'offer', g > $1, now() - interval '1 minute' * g
                        from agents a, generate_series(1, 1000) g
                        """).With(UnreadEach),
                    new("analyze leads, contacts, conversations, notifications"),
                },
            };
            await rows.ExecuteNonQueryAsync();
        }

        public async Task DisposeAsync() => await _db.DisposeAsync();

        /// <summary>Every step of the plan as it ran, those closest to the data last.</summary>
        internal async Task<List<Node>> ExplainAsync(NpgsqlBatchCommand statement)
        {
            statement.CommandText = "explain (analyze, timing off, format json) " + statement.CommandText;
            await using NpgsqlConnection connection = await _db.App.OpenConnectionAsync();
            await using NpgsqlTransaction undone = await connection.BeginTransactionAsync();
            await using NpgsqlBatch batch = new(connection, undone)
            {
                BatchCommands = { TenantScope.For(Tenant), statement },
            };
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            using JsonDocument plan = JsonDocument.Parse(reader.GetString(0));
            return [.. Node.Of(plan.RootElement[0].GetProperty("Plan"))];
        }
    }

    /// <param name="Rows">Found, in all its runs.</param>
    /// <param name="Removed">Looked at for nothing, in all its runs.</param>
    internal sealed record Node(string? Table, string? Index, long Rows, long Removed)
    {
        public static IEnumerable<Node> Of(JsonElement step)
        {
            long loops = Number(step, "Actual Loops");
            yield return new Node(
                Text(step, "Relation Name"), Text(step, "Index Name"), Number(step, "Actual Rows") * loops,
                Number(step, "Rows Removed by Filter") * loops);
            if (!step.TryGetProperty("Plans", out JsonElement steps)) yield break;
            foreach (Node node in steps.EnumerateArray().SelectMany(Of)) yield return node;
        }

        private static string? Text(JsonElement step, string name) =>
            step.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

        // A mean over the runs; from PostgreSQL 18 on with a fraction.
        private static long Number(JsonElement step, string name) =>
            step.TryGetProperty(name, out JsonElement value) ? (long)Math.Ceiling(value.GetDouble()) : 0;
    }
}
