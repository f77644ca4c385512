using Xunit;

namespace Vellarys.Tests.Flows.Kernel;

/// <summary>What every runner of flows keeps, whatever happens to its hints.</summary>
public abstract class FlowRunnerContractTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private IFlowWorld _world = null!;

    internal abstract Task<IFlowWorld> OpenAsync();

    public async Task InitializeAsync() => _world = await OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Start_FirstEvent_IsAppliedOnce()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(5));
        await _world.RunAsync();
        await _world.RunAsync();
        FlowView view = await _world.ReadAsync(flow);
        Assert.Equal((5, 1), (view.Sum, view.Notes.Count));
    }

    [Fact]
    public async Task Signals_InTheirOrder_AreAppliedOnceEach()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(0));
        for (int i = 1; i <= 5; i++) await _world.SignalAsync(flow, Key(), TallyFlow.Add(i));
        await _world.RunAsync();
        FlowView view = await _world.ReadAsync(flow);
        Assert.Equal(15, view.Sum);
        Assert.Equal([.. Enumerable.Range(0, 6).Select(TallyFlow.Add)], view.Notes);
    }

    [Fact]
    public async Task Signal_SentTwice_IsOneEvent()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        Guid key = Key();
        await _world.SignalAsync(flow, key, TallyFlow.Add(10));
        await _world.RunAsync();
        await _world.SignalAsync(flow, key, TallyFlow.Add(10));
        await _world.RunAsync();
        Assert.Equal(11, (await _world.ReadAsync(flow)).Sum);
    }

    [Fact]
    public async Task Hint_DoubledAndConcurrent_ChangesNothing()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        for (int i = 0; i < 10; i++) await _world.SignalAsync(flow, Key(), TallyFlow.Add(1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _world.HintAsync(flow)));
        await _world.RunAsync();
        FlowView view = await _world.ReadAsync(flow);
        Assert.Equal((11, 11), (view.Sum, view.Notes.Count));
    }

    [Fact]
    public async Task Hint_Lost_TheWatchRestartsFromTheRow()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.LoseHintsAsync();
        await _world.RunAsync();
        Assert.Equal(0, (await _world.ReadAsync(flow)).Sum);
        Assert.Equal(1, await _world.WatchAsync());
        await _world.RunAsync();
        Assert.Equal(1, (await _world.ReadAsync(flow)).Sum);
        Assert.Equal(0, await _world.WatchAsync());
    }

    [Fact]
    public async Task WakeUp_BeforeItsTime_DoesNothing()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Sleep(_world.Clock.GetUtcNow() + Hour));
        await _world.RunAsync();
        await _world.HintAsync(flow);
        _world.Clock.Advance(Hour / 2);
        await _world.HintAsync(flow);
        await _world.RunAsync();
        Assert.Equal(0, (await _world.ReadAsync(flow)).WakeUps);
    }

    [Fact]
    public async Task WakeUp_AtItsTime_HappensOnce()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Sleep(_world.Clock.GetUtcNow() + Hour));
        await _world.RunAsync();
        _world.Clock.Advance(Hour);
        await _world.RunAsync();
        await _world.HintAsync(flow);
        FlowView view = await _world.ReadAsync(flow);
        Assert.Equal((1, null), (view.WakeUps, view.WakeAt));
    }

    [Fact]
    public async Task WakeUp_Lost_TheWatchWakesIt()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Sleep(_world.Clock.GetUtcNow() - Hour));
        await _world.HintAsync(flow);
        await _world.LoseHintsAsync();
        await _world.WatchAsync();
        await _world.RunAsync();
        Assert.Equal(1, (await _world.ReadAsync(flow)).WakeUps);
    }

    [Fact]
    public async Task WakeUp_Moved_TheEarlierOneDoesNothing()
    {
        DateTimeOffset now = _world.Clock.GetUtcNow();
        FlowId flow = await _world.StartAsync(TallyFlow.Sleep(now + Hour));
        await _world.RunAsync();
        await _world.SignalAsync(flow, Key(), TallyFlow.Sleep(now + 3 * Hour));
        await _world.RunAsync();
        _world.Clock.Advance(2 * Hour);
        await _world.RunAsync();
        Assert.Equal(0, (await _world.ReadAsync(flow)).WakeUps);
        _world.Clock.Advance(Hour);
        await _world.RunAsync();
        Assert.Equal(1, (await _world.ReadAsync(flow)).WakeUps);
    }

    [Fact]
    public async Task Ended_WhateverHappens_StaysAsItIs()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.SignalAsync(flow, Key(), TallyFlow.Finish);
        await _world.SignalAsync(flow, Key(), TallyFlow.Add(7));
        await _world.RunAsync();
        await _world.SignalAsync(flow, Key(), TallyFlow.Add(8));
        await _world.RunAsync();
        FlowView view = await _world.ReadAsync(flow);
        Assert.Equal((1, true, "finished"), (view.Sum, view.Ended, view.Outcome));
    }

    [Fact]
    public async Task Step_ThatFails_LeavesEverythingAndCanBeTriedAgain()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        await _world.SignalAsync(flow, Key(), TallyFlow.Add(2));
        await _world.SignalAsync(flow, Key(), TallyFlow.Break);
        await _world.RunAsync();
        FlowView broken = await _world.ReadAsync(flow);
        Assert.Equal((1, "tally_broken"), (broken.Sum, broken.Fault));

        _world.Flow.IsBroken = false;
        await _world.WatchAsync();
        await _world.RunAsync();
        FlowView mended = await _world.ReadAsync(flow);
        Assert.Equal((3, null, 3), (mended.Sum, mended.Fault, mended.Notes.Count));
    }

    [Fact]
    public async Task Cancel_EvenWhenItsStepFails_EndsIt()
    {
        FlowId flow = await _world.StartAsync(TallyFlow.Add(1));
        await _world.RunAsync();
        await _world.SignalAsync(flow, Key(), Vellarys.Flows.Kernel.FlowMachine.Cancelled);
        await _world.RunAsync();
        FlowView view = await _world.ReadAsync(flow);
        Assert.Equal((true, "cancelled"), (view.Ended, view.Outcome));
    }

    private static Guid Key() => Ids.New(TimeProvider.System);
}
