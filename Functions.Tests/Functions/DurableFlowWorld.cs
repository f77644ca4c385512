using System.Collections.Concurrent;
using Dapper;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Watch;
using Vellarys.Functions.Flows;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;
using Vellarys.Tests.Api;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Flows.Kernel;
using Vellarys.Tests.Messaging.Broker;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>
/// The runner on Durable, its backend in memory. Hints are handed out by the test; timers are the runner's own, in a
/// thousandth of their time, so that they come early and have to be waited for again.
/// </summary>
internal sealed class DurableFlowWorld : IFlowWorld
{
    private const double Haste = 36_000;
    private readonly TestDatabase _database;
    private readonly FixedDirectory _directory = new();
    private readonly Tenant _tenant;
    private readonly FlowInstances _instances;
    private readonly FlowActivities _activities;
    private readonly HashSet<string> _kinds = [];
    private DurableTaskTestHost _durable = null!;
    private readonly ConcurrentDictionary<Guid, int> _lookedAt = [];
    private int _looks;
    private int _customers;

    private DurableFlowWorld(TestDatabase database)
    {
        _database = database;
        _kinds.Add(Flow.Name);
        _tenant = _directory.AddTenant(new TenantSettings());
        AdvanceFlow advance = new(
            database.App, new FlowCatalog([Flow]), _directory, new TableOutbox(), Clock,
            waking: new FlowWaking(ByHost: true));
        RunFlow run = new(advance, new RecordFlowFault(database.App));
        _activities = new FlowActivities(
            run, new RelayOutbox(database.App, new InMemoryBroker { IsDown = true }, NullLogger<RelayOutbox>.Instance));
        _instances = new FlowInstances(
            new RouteFlowWakeUp(database.App, []), new ListOpenFlows(database.App, _directory),
            new FlowKinds(_kinds), Clock, NullLogger<FlowInstances>.Instance);
    }

    public FlowClock Clock { get; } = new();

    public TallyFlow Flow { get; } = new();

    public FlowInstances Instances => _instances;

    public DurableTaskTestHost Durable => _durable;

    public static async Task<DurableFlowWorld> OpenAsync()
    {
        DurableFlowWorld world = new(await TestDatabase.CreateAsync());
        await world._directory.StoreAsync(world._database.Owner);
        world._durable = await DurableBackend.StartAsync(registry => registry
            .AddOrchestratorFunc<FlowPlace>(world.Flow.Name, (context, _) => FlowOrchestrator.RunAsync(context))
            .AddActivityFunc<FlowPlace, FlowStanding>(nameof(FlowActivities.AdvanceFlow), world.AdvanceAsync));
        return world;
    }

    public async Task<FlowId> StartAsync(string body)
    {
        var rows = new ConversationRows(_database);
        string phone = $"55119900000{++_customers:00}";
        ConversationId conversation = await rows.ConversationAsync(
            _tenant.Id, await rows.ChannelAsync(_tenant.Id), phone: phone);
        FlowId? started = await new StartFlow(_database.App)
            .RunAsync(_tenant.Id, Flow.Name, conversation, body, CancellationToken.None);
        return started!.Value;
    }

    public Task SignalAsync(FlowId flow, Guid key, string body) =>
        new SignalFlow(_database.App).RunAsync(_tenant.Id, flow, key, body, CancellationToken.None);

    public async Task RunAsync()
    {
        int before = Volatile.Read(ref _looks);
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        IEnumerable<(Guid Id, string Body)> hints = await owner.QueryAsync<(Guid, string)>(
            "delete from queue_messages where queue = 'flow-events' returning id, body");
        foreach ((Guid id, string body) in hints) await HandleAsync(id, body);
        await ComeToRestAsync(owner, before);
    }

    /// <summary>A hint, whatever comes of it.</summary>
    public Task LookAsync(FlowId flow)
    {
        QueueMessage hint = AdvanceFlow.WakeUp(Ids.New(TimeProvider.System), _tenant.Id, flow, null);
        return HandleAsync(hint.Id, hint.Body);
    }

    public async Task HintAsync(FlowId flow)
    {
        int before = Volatile.Read(ref _looks);
        await LookAsync(flow);
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        await ComeToRestAsync(owner, before);
    }

    public async Task LoseHintsAsync()
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync("delete from queue_messages where queue = 'flow-events'");
    }

    public Task<int> WatchAsync() => new WatchFlows(
        _database.App, _directory, new FindStuckFlows(new TenantReader(_database.App)),
        NullLogger<WatchFlows>.Instance).RunAsync(_tenant.Id, TimeSpan.Zero, CancellationToken.None);

    public async Task<FlowView> ReadAsync(FlowId flow)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        return await FlowRows.ReadAsync(owner, flow);
    }

    public string InstanceOf(FlowId flow) =>
        FlowInstances.IdOf(new FlowPlace(_tenant.Id.Value, flow.Value, Flow.Name));

    /// <summary>As if another release had written it.</summary>
    public void ForgetKind() => _kinds.Clear();

    public Task<int> ReconcileAsync() => _instances.ReconcileAsync(_durable.Client, CancellationToken.None);

    /// <summary>What has happened to it, and was not seen, happened ten minutes ago.</summary>
    public async Task AgeAsync(FlowId flow, int restarts = 2)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            """
            update flow_events set happened_at = happened_at - interval '10 minutes'
            where flow_id = @flow and version is null;
            update flows set restarts = @restarts where id = @flow
            """,
            new { flow = flow.Value, restarts });
    }

    /// <summary>As an operator's statement would, behind the instance's back.</summary>
    public async Task EndRowAsync(FlowId flow)
    {
        await using NpgsqlConnection owner = await _database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            "update flows set ended_at = now(), outcome = 'ended' where id = @flow", new { flow = flow.Value });
    }

    public async ValueTask DisposeAsync()
    {
        await _durable.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task<FlowStanding> AdvanceAsync(TaskActivityContext context, FlowPlace place)
    {
        int look = Interlocked.Increment(ref _looks);
        FlowStanding standing = await _activities.AdvanceFlow(place, CancellationToken.None);
        _lookedAt[place.Flow] = look;
        return standing with { WakesIn = standing.WakesIn / Haste };
    }

    private async Task HandleAsync(Guid id, string body)
    {
        TestDelivery delivery = new(new QueueMessage(Queues.FlowEvents, id, body));
        await _instances.HandleAsync(_durable.Client, delivery, CancellationToken.None);
    }

    // Whoever has an instance has applied what it was told of; what has none is not waited for. A flow that failed
    // rests once a look that began after "before" has ended: an earlier one may not have seen what was mended since.
    private async Task ComeToRestAsync(NpgsqlConnection owner, int before)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (await MovingAsync(owner, before))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private async Task<bool> MovingAsync(NpgsqlConnection owner, int before)
    {
        Guid[] lookedAt = [.. _lookedAt.Where(look => look.Value > before).Select(look => look.Key)];
        IEnumerable<(Guid Flow, string Name)> open = await owner.QueryAsync<(Guid, string)>(
            """
            select f.id, f.name from flows f
            where (f.fault is null or f.id != all(@lookedAt)) and f.ended_at is null
                and (f.wake_at <= @now or exists (
                    select from flow_events e where e.flow_id = f.id and e.version is null))
            """,
            new { now = Clock.GetUtcNow().UtcDateTime, lookedAt });
        foreach ((Guid flow, string name) in open)
        {
            string id = FlowInstances.IdOf(new FlowPlace(_tenant.Id.Value, flow, name));
            OrchestrationMetadata? instance = await _durable.Client.GetInstanceAsync(id, getInputsAndOutputs: true);
            if (instance is { IsCompleted: false }) return true;
            if (instance?.FailureDetails is { } failure) throw new InvalidOperationException(failure.ToString());
        }

        return false;
    }
}

/// <summary>The same promises as on the queue and in memory.</summary>
public sealed class DurableFlowRunnerTests : FlowRunnerContractTests
{
    internal override async Task<IFlowWorld> OpenAsync() => await DurableFlowWorld.OpenAsync();
}
