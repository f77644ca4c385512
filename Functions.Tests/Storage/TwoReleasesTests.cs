using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging.Broker;
using Vellarys.Storage.Schema;
using Vellarys.Tests.Architecture;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Flows.Kernel;
using Vellarys.Tests.Messaging.Broker;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>
/// A deployment and its way back, rehearsed: the database of the last release that landed, with work in it, is migrated
/// while that release goes on; then both work, each on what the other left.
/// </summary>
public sealed class TwoReleasesTests : IAsyncLifetime
{
    private const int LastLanded = 9;
    private const string Recorded = "Functions.Tests/Storage/Releases/statements-0009.txt";

    // What sessions of that release call themselves.
    private const string ItsName = "vellarys_api";

    private const string Enqueue =
        """
        insert into queue_messages
            (id, queue, priority, due_at, attempts, locked_by, tenant_id, subject, body, trace_parent)
        select id, queue, priority, now() + coalesce(lock_for, greatest(not_before - now(), '0')),
            case when lock_for is null then 0 else 1 end, case when lock_for is null then null else $10 end,
            tenant_id, subject, body, trace_parent
        from unnest($1::uuid[], $2::text[], $3::smallint[], $4::timestamptz[], $5::interval[], $6::uuid[], $7::text[],
            $8::text[], $9::text[])
            as row (id, queue, priority, not_before, lock_for, tenant_id, subject, body, trace_parent)
        on conflict (id) do nothing
        """;

    private const string PlanOf =
        """
        do $plan$
        declare
            n integer;
        begin
            execute 'deallocate all';
            perform set_config('plan_cache_mode', 'force_generic_plan', true);
            execute $sql$prepare recorded as STATEMENT$sql$;
            select cardinality(parameter_types) into n from pg_prepared_statements where name = 'recorded';
            execute 'explain execute recorded' || case when n > 0
                then '(' || array_to_string(array_fill('null'::text, array[n]), ', ') || ')' else '' end;
        end
        $plan$
        """;

    private readonly FixedDirectory _directory = new();
    private readonly TallyFlow _tally = new();
    private TestDatabase _database = null!;
    private NpgsqlDataSource _before = null!;
    private Tenant _tenant = null!;
    private Guid _conversation;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(throughPgBouncer: false);
        await RunAsync("drop schema public cascade; create schema public; grant usage on schema public to public;");
        await MigrateAsync(LastLanded);
        _before = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_database.ConnectionString()) { ApplicationName = ItsName });
        _tenant = _directory.AddTenant(new TenantSettings());
        await _directory.StoreAsync(_database.Owner);
        await SeedAsync();
    }

    public async Task DisposeAsync()
    {
        await _before.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Statements_OfTheReleaseBefore_AreTakenByTheSchemaOfNow()
    {
        Dictionary<string, string> all = Statements();
        Dictionary<string, string?> then = await PlanAsync(all);
        await MigrateAsync(int.MaxValue);
        Dictionary<string, string?> now = await PlanAsync(all);

        // Its own words must have been good at its own time, or nothing is shown.
        Rule.Holds(then.Where(s => s.Value is not null).Select(s => $"{s.Key} then: {s.Value}"));
        Rule.Holds(now.Where(s => s.Value is not null).Select(s => $"{s.Key} now: {s.Value}"));
        Assert.InRange(all.Count, 55, 65);
    }

    [Fact]
    public async Task Deployment_WithWorkInQueueAndFlows_BothReleasesGoOnWithAllOfIt()
    {
        Guid[] queued = await EnqueueAsync(6);
        Guid flow = await StartItsWayAsync(TallyFlow.Add(1));

        await MigrateAsync(int.MaxValue);

        // The release before goes on: takes, finishes, adds.
        Guid[] taken = await RelayItsWayAsync(2);
        Assert.Equal(queued[..2], taken);
        await ItsAsync("delete from queue_messages where id = any ($1)", taken);
        Guid[] more = await EnqueueAsync(2);
        await SignalItsWayAsync(flow, TallyFlow.Add(2));
        // The one of now takes over what is left, in its order, and advances the flow that the other began.
        Guid[] relayed = await RelayAsync();
        Guid[] left = [.. queued[2..], .. more];
        Assert.Equal(left, relayed);
        await AdvanceAsync(flow);
        Assert.Equal(3, await SumAsync(flow));
    }

    [Fact]
    public async Task WayBack_WithWorkThatTheNewerReleaseLeft_TheReleaseBeforeGoesOnWithAllOfIt()
    {
        await MigrateAsync(int.MaxValue);
        FlowId? flow = await new StartFlow(_database.App).RunAsync(
            _tenant.Id, _tally.Name, new ConversationId(_conversation), TallyFlow.Add(1), CancellationToken.None);
        await AdvanceAsync(flow!.Value.Value);
        await new SignalFlow(_database.App).RunAsync(
            _tenant.Id, flow.Value, Ids.New(TimeProvider.System), TallyFlow.Add(4), CancellationToken.None);

        Guid[] taken = await RelayItsWayAsync(100);
        // It sees what the newer one wrote: the state that it left, and the event that nobody has applied.
        (string State, long Unseen) seen = await ItsRowAsync(flow.Value.Value);

        Assert.Equal(await CountAsync("select count(*) from queue_messages"), taken.Length);
        Assert.NotEmpty(taken);
        Assert.Equal(("[1,0]", 1), (seen.State.Replace(" ", "", StringComparison.Ordinal), seen.Unseen));
    }

    private static Dictionary<string, string> Statements() =>
        Sources.All.Single(f => f.Path == Recorded).Text.Split("-- Engine/", StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('\n', 2))
            .ToDictionary(part => part[0], part => part[1].Trim(), StringComparer.Ordinal);

    // Parsed, planned for any values, and its rights looked at, as the product; nothing is run.
    private async Task<Dictionary<string, string?>> PlanAsync(Dictionary<string, string> statements)
    {
        Dictionary<string, string?> refused = [];
        await using NpgsqlConnection connection = await _before.OpenConnectionAsync();
        foreach ((string name, string sql) in statements)
        {
            await using NpgsqlCommand plan = new(
                PlanOf.Replace("STATEMENT", sql, StringComparison.Ordinal), connection);
            try
            {
                await plan.ExecuteNonQueryAsync();
                refused[name] = null;
            }
            catch (PostgresException e)
            {
                refused[name] = e.MessageText;
            }
        }

        return refused;
    }

    private async Task SeedAsync()
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        _conversation = Ids.New(TimeProvider.System);
        await owner.ExecuteAsync(
            """
            insert into channels (tenant_id, id, kind, address, access_token)
            values (@tenant, @channel, 'scripted', 'shop', 'token');
            insert into contacts (tenant_id, id, name, phone) values (@tenant, @contact, 'Ana', '5511987650001');
            insert into leads (tenant_id, id, contact_id) values (@tenant, @lead, @contact);
            insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to)
            values (@tenant, @conversation, @channel, @contact, @lead, '5511987650001')
            """,
            new
            {
                tenant = _tenant.Id.Value, channel = Ids.New(TimeProvider.System),
                contact = Ids.New(TimeProvider.System), lead = Ids.New(TimeProvider.System),
                conversation = _conversation,
            });
    }

    private async Task<Guid[]> EnqueueAsync(int count)
    {
        Guid[] ids = [.. Enumerable.Range(0, count).Select(_ => Ids.New(TimeProvider.System))];
        foreach (Guid id in ids)
        {
            await ItsAsync(
                Enqueue, new[] { id }, new[] { "ai-response" }, new short[] { 1 }, new DateTime?[] { null },
                new TimeSpan?[] { null }, new Guid?[] { _tenant.Id.Value }, new string?[] { null },
                new[] { """{"v":1}""" }, new string?[] { null }, Guid.Empty);
        }

        return ids;
    }

    private Task<int> ItsAsync(string sql, params object[] values) => InItsScopeAsync(async connection =>
    {
        await using NpgsqlCommand command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync();
    });

    private Task<Guid[]> RelayItsWayAsync(int rows) => InItsScopeAsync(async connection =>
    {
        await using NpgsqlCommand take = Command(
            connection, Statements()["Messaging/Broker/relay-take.sql"], (long)rows, TimeSpan.FromMinutes(1));
        await using NpgsqlDataReader reader = await take.ExecuteReaderAsync();
        List<(Guid Id, DateTime At)> taken = [];
        while (await reader.ReadAsync()) taken.Add((reader.GetGuid(0), reader.GetDateTime(10)));
        return taken.OrderBy(t => t.At).ThenBy(t => t.Id).Select(t => t.Id).ToArray();
    });

    private Task<Guid> StartItsWayAsync(string body) => InItsScopeAsync(async connection =>
    {
        await using NpgsqlCommand start = Command(
            connection,
            """
            select start_flow($1, $2, c.id, c.contact_id, $4::json)
            from conversations c
            where c.tenant_id = $1 and c.id = $3
            """,
            _tenant.Id.Value, _tally.Name, _conversation, body);
        Guid flow = (Guid)(await start.ExecuteScalarAsync())!;
        await using NpgsqlCommand hints = new("delete from queue_messages where queue = 'flow-events'", connection);
        await hints.ExecuteNonQueryAsync();
        return flow;
    });

    private async Task SignalItsWayAsync(Guid flow, string body)
    {
        await ItsAsync(
            """
            select signal_flow(f.tenant_id, f.id, $3, $4::json)
            from flows f
            where f.tenant_id = $1 and f.id = $2 and f.ended_at is null
            """,
            _tenant.Id.Value, flow, Ids.New(TimeProvider.System), body);
        await ItsAsync("delete from queue_messages where queue = $1", "flow-events");
    }

    private Task<(string State, long Unseen)> ItsRowAsync(Guid flow) => InItsScopeAsync(connection =>
        connection.QuerySingleAsync<(string, long)>(
            """
            select state::text, (
                select count(*) from flow_events where tenant_id = @tenant and flow_id = @flow and version is null)
            from flows
            where tenant_id = @tenant and id = @flow
            """,
            new { tenant = _tenant.Id.Value, flow }));

    private async Task<T> InItsScopeAsync<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        await using NpgsqlConnection connection = await _before.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "select set_config('app.tenants', @tenant, true)", new { tenant = _tenant.Id.ToString() });
        T result = await work(connection);
        await transaction.CommitAsync();
        return result;
    }

    private async Task<Guid[]> RelayAsync()
    {
        InMemoryBroker broker = new();
        await new RelayOutbox(_database.App, broker, NullLogger<RelayOutbox>.Instance).RunAsync(default);
        return [.. broker.Sent.Select(e => Guid.Parse(e.Id))];
    }

    private async Task AdvanceAsync(Guid flow)
    {
        AdvanceFlow advance = new(
            _database.App, new FlowCatalog([_tally]), _directory, new TableOutbox(), TimeProvider.System);
        await advance.RunAsync(_tenant.Id, new FlowId(flow), null, CancellationToken.None);
    }

    private async Task<int> SumAsync(Guid flow)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        return (await FlowRows.ReadAsync(owner, new FlowId(flow))).Sum;
    }

    private async Task<int> CountAsync(string sql)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        return await owner.ExecuteScalarAsync<int>(sql);
    }

    private Task MigrateAsync(int upTo)
    {
        IReadOnlyList<Migration> all =
            [.. Migration.Embedded(typeof(Migrator).Assembly).Where(m => m.Version <= upTo)];
        return new Migrator(_database.Options(), all, TimeProvider.System, NullLogger<Migrator>.Instance)
            .RunAsync(default);
    }

    private async Task RunAsync(string sql)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(sql);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
