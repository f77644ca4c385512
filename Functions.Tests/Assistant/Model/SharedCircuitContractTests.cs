using System.Globalization;
using Vellarys.Assistant.Model;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>What every <see cref="ISharedCircuit"/> owes, in memory and over Redis.</summary>
public abstract class SharedCircuitContractTests
{
    private protected const string Model = "gpt";
    private protected static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);
    private protected static readonly TimeSpan Probe = TimeSpan.FromMinutes(5);

    /// <summary>Two instances that look at the same circuit.</summary>
    private protected abstract Task<(ISharedCircuit One, ISharedCircuit Other)> PairAsync();

    private protected abstract Task AdvanceAsync(TimeSpan by);

    [Fact]
    public async Task Look_NothingHappened_IsClosed()
    {
        (ISharedCircuit one, _) = await PairAsync();
        Assert.Equal(SharedCircuit.Closed, await LookAsync(one));
    }

    [Fact]
    public async Task Opened_ByOne_HoldsTheOtherBackForTheRest()
    {
        (ISharedCircuit one, ISharedCircuit other) = await PairAsync();
        await one.OpenedAsync(Model, Rest, default);

        AssertOpen(await LookAsync(one), Rest);
        AssertOpen(await LookAsync(other), Rest);
        await AdvanceAsync(Rest / 2);
        AssertOpen(await LookAsync(other), Rest / 2);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    public async Task Opened_Twice_TheLongerRestHolds(int first, int second)
    {
        (ISharedCircuit one, ISharedCircuit other) = await PairAsync();
        await one.OpenedAsync(Model, first * Rest, default);
        await other.OpenedAsync(Model, second * Rest, default);
        AssertOpen(await LookAsync(one), 3 * Rest);
    }

    [Fact]
    public async Task Look_ManyAfterTheRest_OneGetsTheProbe()
    {
        (ISharedCircuit one, ISharedCircuit other) = await PairAsync();
        await one.OpenedAsync(Model, Rest, default);
        await AdvanceAsync(Rest);

        SharedCircuit[] all = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(i => Task.Run(() => LookAsync(i % 2 == 0 ? one : other).AsTask())));
        Assert.Single(all, SharedCircuit.Probe);
        foreach (SharedCircuit held in all.Where(c => c != SharedCircuit.Probe)) AssertOpen(held, Probe);
    }

    [Fact]
    public async Task Probe_TakesTooLong_AnotherOneMay()
    {
        (ISharedCircuit one, ISharedCircuit other) = await ProbedAsync();
        AssertOpen(await LookAsync(other), Probe);
        await AdvanceAsync(Probe);
        Assert.Equal(SharedCircuit.Probe, await LookAsync(other));
        AssertOpen(await LookAsync(one), Probe);
    }

    [Fact]
    public async Task Probe_Released_AnotherOneMayAtOnce()
    {
        (ISharedCircuit one, ISharedCircuit other) = await ProbedAsync();
        await one.ReleaseAsync(Model, default);
        Assert.Equal(SharedCircuit.Probe, await LookAsync(other));
    }

    [Fact]
    public async Task Probe_Failed_AllRestAgain()
    {
        (ISharedCircuit one, ISharedCircuit other) = await ProbedAsync();
        await one.OpenedAsync(Model, Rest, default);
        AssertOpen(await LookAsync(other), Rest);
        await AdvanceAsync(Rest);
        // The failed probe's own time does not hold this one up.
        Assert.Equal(SharedCircuit.Probe, await LookAsync(other));
    }

    [Fact]
    public async Task Closed_ByTheProbe_AllAskAgain()
    {
        (ISharedCircuit one, ISharedCircuit other) = await ProbedAsync();
        await one.ClosedAsync(Model, default);
        Assert.Equal(SharedCircuit.Closed, await LookAsync(other));
        Assert.Equal(SharedCircuit.Closed, await LookAsync(one));
    }

    private protected static ValueTask<SharedCircuit> LookAsync(ISharedCircuit circuit, string model = Model) =>
        circuit.LookAsync(model, Probe, default);

    // The server's clock runs on beside the test: half of it must be left, however slow the machine.
    private protected static void AssertOpen(SharedCircuit found, TimeSpan rest)
    {
        Assert.Equal(SharedCircuitState.Open, found.State);
        Assert.InRange(found.BreakDuration, rest / 2, rest);
    }

    private async Task<(ISharedCircuit One, ISharedCircuit Other)> ProbedAsync()
    {
        (ISharedCircuit one, ISharedCircuit other) = await PairAsync();
        await one.OpenedAsync(Model, Rest, default);
        await AdvanceAsync(Rest);
        Assert.Equal(SharedCircuit.Probe, await LookAsync(one));
        return (one, other);
    }
}

public sealed class MemoryCircuitTests : SharedCircuitContractTests
{
    private readonly ManualTime _time = new();

    private protected override Task<(ISharedCircuit One, ISharedCircuit Other)> PairAsync()
    {
        MemoryCircuit circuit = new(_time);
        return Task.FromResult<(ISharedCircuit, ISharedCircuit)>((circuit, circuit));
    }

    private protected override Task AdvanceAsync(TimeSpan by)
    {
        _time.Advance(by);
        return Task.CompletedTask;
    }
}

public sealed class ScriptCircuitTests : SharedCircuitContractTests, IAsyncLifetime
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private RespClient _one = null!;
    private RespClient _other = null!;

    public async Task InitializeAsync()
    {
        _one = await RedisServer.EmptyAsync(2);
        _other = await RedisServer.ConnectAsync(2);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Keys_OfAnyCommand_EndByThemselves()
    {
        ScriptCircuit circuit = new(_one);
        await circuit.OpenedAsync(Model, Rest, default);
        Assert.Equal(2, await AllEndWithinAsync(Rest + Memory));
        await AdvanceAsync(Rest);
        await LookAsync(circuit);
        Assert.Equal(2, await AllEndWithinAsync(Memory));
        await circuit.ClosedAsync(Model, default);
        Assert.Equal(0, await AllEndWithinAsync(Memory));
    }

    [Fact]
    public async Task Opened_NeverClosed_IsForgottenTenMinutesAfterItsRest()
    {
        ScriptCircuit circuit = new(_one);
        await circuit.OpenedAsync(Model, Rest, default);
        await AdvanceAsync(Rest + Memory);
        Assert.Equal(SharedCircuit.Closed, await LookAsync(circuit));
    }

    [Fact]
    public async Task Opened_OneDeployment_OthersAreNotTouched()
    {
        ScriptCircuit circuit = new(_one);
        await circuit.OpenedAsync(Model, Rest, default);
        Assert.Equal(SharedCircuit.Closed, await LookAsync(circuit, "another"));
    }

    private protected override Task<(ISharedCircuit One, ISharedCircuit Other)> PairAsync() =>
        Task.FromResult<(ISharedCircuit, ISharedCircuit)>((new ScriptCircuit(_one), new ScriptCircuit(_other)));

    /// <summary>As if so much time had passed: every key is that much nearer to its end.</summary>
    private protected override async Task AdvanceAsync(TimeSpan by)
    {
        foreach ((string key, TimeSpan left) in await KeysAsync())
        {
            string rest = ((long)(left - by).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
            await _one.CallAsync("PEXPIRE", key, rest);
        }
    }

    private async Task<int> AllEndWithinAsync(TimeSpan most)
    {
        List<(string Key, TimeSpan Left)> keys = await KeysAsync();
        foreach ((_, TimeSpan left) in keys) Assert.InRange(left, TimeSpan.FromMilliseconds(1), most);
        return keys.Count;
    }

    private async Task<List<(string Key, TimeSpan Left)>> KeysAsync()
    {
        var names = (object?[])((object?[])(await _one.CallAsync("SCAN", "0", "COUNT", "1000"))!)[1]!;
        List<(string, TimeSpan)> keys = [];
        foreach (string name in names.Cast<string>())
            keys.Add((name, TimeSpan.FromMilliseconds((long)(await _one.CallAsync("PTTL", name))!)));
        return keys;
    }
}
