using Microsoft.DurableTask.Client;
using Vellarys.Messaging;
using Vellarys.Tests.Flows.Kernel;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>Rows and instances that have lost each other.</summary>
public sealed class FlowInstancesTests : IAsyncLifetime
{
    private DurableFlowWorld _world = null!;

    public async Task InitializeAsync() => _world = await DurableFlowWorld.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Reconcile_HintsWereLost_EveryOpenFlowGetsItsInstanceOnce()
    {
        FlowId one = await _world.StartAsync(TallyFlow.Add(1));
        FlowId two = await _world.StartAsync(TallyFlow.Add(2));
        await _world.LoseHintsAsync();

        int missing = await _world.ReconcileAsync();
        await _world.RunAsync();
        int again = await _world.ReconcileAsync();

        Assert.Equal((2, 0), (missing, again));
        Assert.Equal((1, 2), ((await _world.ReadAsync(one)).Sum, (await _world.ReadAsync(two)).Sum));
    }

    [Fact]
    public async Task Reconcile_TaskHubWasLost_FlowsGoOnFromTheirRows()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        await _world.Durable.Client.TerminateInstanceAsync(_world.InstanceOf(flow));
        await _world.Durable.Client.UntilAsync(_world.InstanceOf(flow), OrchestrationRuntimeStatus.Terminated);

        Assert.Equal(1, await _world.ReconcileAsync());
        await _world.SignalAsync(flow, Ids.New(TimeProvider.System), TallyFlow.Add(4));
        await _world.RunAsync();

        Assert.Equal(5, (await _world.ReadAsync(flow)).Sum);
    }

    [Fact]
    public async Task Look_InstanceDoesNotMoveThoughTold_IsReplaced()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        string id = _world.InstanceOf(flow);
        await SuspendAsync(id);
        await _world.SignalAsync(flow, Ids.New(TimeProvider.System), TallyFlow.Add(4));
        await _world.AgeAsync(flow);
        _world.Clock.Advance(TimeSpan.FromMinutes(10));

        await _world.HintAsync(flow);

        Assert.Equal(5, (await _world.ReadAsync(flow)).Sum);
        OrchestrationMetadata? instance = await _world.Durable.Client.GetInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Running, instance!.RuntimeStatus);
    }

    [Fact]
    public async Task Look_HintIsLateButTheInstanceLives_IsToldAndNotReplaced()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        DateTimeOffset created = (await _world.Durable.Client.GetInstanceAsync(_world.InstanceOf(flow)))!.CreatedAt;
        await _world.SignalAsync(flow, Ids.New(TimeProvider.System), TallyFlow.Add(4));
        await _world.AgeAsync(flow, restarts: 0);
        _world.Clock.Advance(TimeSpan.FromMinutes(10));

        await _world.HintAsync(flow);

        Assert.Equal(5, (await _world.ReadAsync(flow)).Sum);
        Assert.Equal(created, (await _world.Durable.Client.GetInstanceAsync(_world.InstanceOf(flow)))!.CreatedAt);
    }

    [Fact]
    public async Task Reconcile_InstanceStandsStillAndHintsAreLost_IsReplaced()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        await SuspendAsync(_world.InstanceOf(flow));
        await _world.SignalAsync(flow, Ids.New(TimeProvider.System), TallyFlow.Add(4));
        await _world.AgeAsync(flow);
        await _world.LoseHintsAsync();
        _world.Clock.Advance(TimeSpan.FromMinutes(10));

        int missing = await _world.ReconcileAsync();
        await _world.RunAsync();

        Assert.Equal((0, 5), (missing, (await _world.ReadAsync(flow)).Sum));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reconcile_FlowHasEndedWithoutItsInstance_TheInstanceEndsToo(bool isSuspended)
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        string id = _world.InstanceOf(flow);
        if (isSuspended) await SuspendAsync(id);
        await _world.EndRowAsync(flow);
        _world.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(0, await _world.ReconcileAsync());

        await _world.Durable.Client.UntilAsync(id, OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task Purge_EndedLongAgo_IsForgottenAndTheLivingStay()
    {
        FlowId ended = await _world.StartAsync(TallyFlow.Finish);
        FlowId living = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        await _world.Durable.Client.UntilAsync(_world.InstanceOf(ended), OrchestrationRuntimeStatus.Completed);
        _world.Clock.Advance(TimeSpan.FromDays(8));

        await _world.Instances.PurgeAsync(_world.Durable.Client, CancellationToken.None);

        Assert.Null(await _world.Durable.Client.GetInstanceAsync(_world.InstanceOf(ended)));
        Assert.NotNull(await _world.Durable.Client.GetInstanceAsync(_world.InstanceOf(living)));
    }

    [Fact]
    public async Task Flow_OfAKindWithoutOrchestrator_IsLeftToAnotherReleaseAndReported()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        _world.ForgetKind();

        TransientFault waits = await Assert.ThrowsAsync<TransientFault>(() => _world.LookAsync(flow));
        PermanentFault reported = await Assert.ThrowsAsync<PermanentFault>(_world.ReconcileAsync);

        Assert.Equal("flow_kind_unknown", reported.Code);
        Assert.Equal((true, NewerRelease.LongWait), (waits.IsOutage, waits.RetryAfter));
        Assert.Null(await _world.Durable.Client.GetInstanceAsync(_world.InstanceOf(flow)));
    }

    private async Task SuspendAsync(string instance)
    {
        await _world.Durable.Client.SuspendInstanceAsync(instance);
        await _world.Durable.Client.UntilAsync(instance, OrchestrationRuntimeStatus.Suspended);
    }
}
