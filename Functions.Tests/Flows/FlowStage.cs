using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Accounts;
using Vellarys.Flows.Handoff;
using Vellarys.Flows.Handoff.Agents;
using Vellarys.Flows.Handoff.Dispatch;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Reengagement;
using Vellarys.Flows.Watch;
using Vellarys.Http;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Flows.Kernel;

namespace Vellarys.Tests.Flows;

/// <summary>
/// The life of messages and of flows on a real database, both turned by hand, under a clock that the test moves.
/// </summary>
internal sealed class FlowStage : IAsyncDisposable
{
    private readonly HandleFlowEvents _handler;

    private FlowStage(Pipeline pipeline)
    {
        Pipeline = pipeline;
        Dispatch = new DispatchHandoffs(pipeline.App, pipeline.Directory, Clock);
        var http = new NoHttp();
        var tell = new TellAgents(
            pipeline.App, http, pipeline.Directory, pipeline.Directory, [pipeline.Provider]);
        IFlow[] flows = [new HandoffKind(new HandoffEffects(pipeline.Silence)), new ReengagementKind()];
        Advance = new AdvanceFlow(
            pipeline.App, new FlowCatalog(flows), pipeline.Directory, new TableOutbox(), Clock);
        _handler = new HandleFlowEvents(Advance, new RecordFlowFault(pipeline.App), [Dispatch, tell]);
    }

    public Pipeline Pipeline { get; }

    public FlowClock Clock { get; } = new();

    public DispatchHandoffs Dispatch { get; }

    public AdvanceFlow Advance { get; }

    public ScanReengagement Scan =>
        new(Pipeline.App, Pipeline.Directory, Clock, NullLogger<ScanReengagement>.Instance);

    public FindStuckFlows Standstills => new(new TenantReader(Pipeline.App));

    public WatchFlows Watch =>
        new(Pipeline.App, Pipeline.Directory, Standstills, NullLogger<WatchFlows>.Instance);

    public static async Task<FlowStage> OpenAsync(TenantSettings? settings = null) =>
        new(await Pipeline.StartAsync(settings));

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();

    /// <summary>Delivers flow hints and errands until none is due.</summary>
    public async Task RunFlowsAsync()
    {
        while (await DueAsync() is { Count: > 0 } due)
        {
            foreach (TestDelivery delivery in due)
            {
                await _handler.HandleAsync(delivery, CancellationToken.None);
                await Pipeline.ExecuteAsync(
                    "delete from queue_messages where id = @id", new { id = delivery.Message.Id });
            }
        }
    }

    /// <summary>Everything that is due: turns, deliveries, flows.</summary>
    public async Task SettleAsync()
    {
        for (int round = 0; round < 3; round++)
        {
            await Pipeline.SettleAsync();
            await RunFlowsAsync();
        }
    }

    /// <summary>Moves the clock to the next wake-up of a running flow and runs it; false when none wants one.</summary>
    public async Task<bool> SleepAsync()
    {
        DateTime? next = await Pipeline.ScalarAsync<DateTime?>("select min(wake_at) from flows where ended_at is null");
        if (next is not { } at) return false;
        Clock.MoveTo(new DateTimeOffset(at, TimeSpan.Zero) + TimeSpan.FromMilliseconds(1));
        await SettleAsync();
        return true;
    }

    public async Task<Guid> AgentAsync(
        string name, int capacity = 5, string role = "agent", string presence = "online", params string[] skills)
    {
        Guid id = Ids.New(TimeProvider.System);
        await Pipeline.ExecuteAsync(
            """
            insert into agents (tenant_id, id, name, role, presence, capacity, skills)
            values (@tenant, @id, @name, @role, @presence, @capacity, @skills)
            """,
            new { tenant = Pipeline.Tenant.Id.Value, id, name, role, presence, capacity, skills });
        return id;
    }

    private async Task<List<TestDelivery>> DueAsync()
    {
        DateTimeOffset real = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1);
        DateTimeOffset now = Clock.GetUtcNow() > real ? Clock.GetUtcNow() : real;
        List<(Guid Id, string Body)> rows = await Pipeline.ListAsync<(Guid, string)>(
            """
            select id, body from queue_messages where queue = 'flow-events' and due_at <= @now
            order by priority, due_at, id
            """,
            new { now = now.UtcDateTime });
        return rows.ConvertAll(r => new TestDelivery(new QueueMessage(Queues.FlowEvents, r.Id, r.Body)));
    }

    private sealed class NoHttp : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(PublicAddress.Handler(allowsLoopback: true));
    }
}
