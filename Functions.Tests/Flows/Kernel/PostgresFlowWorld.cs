using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Watch;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Api;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Flows.Kernel;

/// <summary>The runner on the queue, with its messages handed out by the test.</summary>
internal sealed class PostgresFlowWorld : IFlowWorld
{
    private readonly TestDatabase _database;
    private readonly FixedDirectory _directory = new();
    private readonly Tenant _tenant;
    private readonly HandleFlowEvents _handler;

    private PostgresFlowWorld(TestDatabase database)
    {
        _database = database;
        _tenant = _directory.AddTenant(new TenantSettings());
        var advance = new AdvanceFlow(
            database.App, new FlowCatalog([Flow]), _directory, new TableOutbox(), Clock);
        _handler = new HandleFlowEvents(advance, new RecordFlowFault(database.App), []);
    }

    public FlowClock Clock { get; } = new();

    public TallyFlow Flow { get; } = new();

    public static async Task<IFlowWorld> OpenAsync()
    {
        var world = new PostgresFlowWorld(await TestDatabase.CreateAsync());
        await world._directory.StoreAsync(world._database.Owner);
        return world;
    }

    public async Task<FlowId> StartAsync(string body)
    {
        var rows = new ConversationRows(_database);
        ConversationId conversation = await rows.ConversationAsync(_tenant.Id, await rows.ChannelAsync(_tenant.Id));
        FlowId? started = await new StartFlow(_database.App)
            .RunAsync(_tenant.Id, Flow.Name, conversation, body, CancellationToken.None);
        return started!.Value;
    }

    public Task SignalAsync(FlowId flow, Guid key, string body) =>
        new SignalFlow(_database.App).RunAsync(_tenant.Id, flow, key, body, CancellationToken.None);

    public async Task RunAsync()
    {
        while (await DueAsync() is { Count: > 0 } due)
        {
            foreach (TestDelivery delivery in due)
            {
                await HandleAsync(delivery);
                await ExecuteAsync("delete from queue_messages where id = @id", new { id = delivery.Message.Id });
            }
        }
    }

    public Task HintAsync(FlowId flow) => HandleAsync(new TestDelivery(
        AdvanceFlow.WakeUp(Ids.New(TimeProvider.System), _tenant.Id, flow, null)));

    public Task LoseHintsAsync() => ExecuteAsync("delete from queue_messages where queue = 'flow-events'", new { });

    public Task<int> WatchAsync() => new WatchFlows(
        _database.App, _directory, new FindStuckFlows(new TenantReader(_database.App)),
        NullLogger<WatchFlows>.Instance).RunAsync(_tenant.Id, TimeSpan.Zero, CancellationToken.None);

    public async Task<FlowView> ReadAsync(FlowId flow)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        return await FlowRows.ReadAsync(owner, flow);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task HandleAsync(TestDelivery delivery)
    {
        try
        {
            await _handler.HandleAsync(delivery, CancellationToken.None);
        }
        catch (PermanentFault)
        {
            // A consumer would bury the hint: the row says what happened.
        }
    }

    private async Task<List<TestDelivery>> DueAsync()
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        IEnumerable<(Guid Id, string Body)> rows = await owner.QueryAsync<(Guid, string)>(
            "select id, body from queue_messages where queue = 'flow-events' and due_at <= @now order by due_at, id",
            new { now = Later().UtcDateTime });
        return [.. rows.Select(r => new TestDelivery(new QueueMessage(Queues.FlowEvents, r.Id, r.Body)))];
    }

    // Signals are due by the database's clock, wake-ups by the test's: whichever is further on.
    private DateTimeOffset Later()
    {
        DateTimeOffset real = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);
        return Clock.GetUtcNow() > real ? Clock.GetUtcNow() : real;
    }

    private async Task ExecuteAsync(string sql, object parameters)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(sql, parameters);
    }
}

public sealed class PostgresFlowRunnerTests : FlowRunnerContractTests
{
    internal override Task<IFlowWorld> OpenAsync() => PostgresFlowWorld.OpenAsync();
}
