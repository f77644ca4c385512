using Vellarys.Limits;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Limits;

/// <summary>What every <see cref="ILimits"/> owes, in one process and over Redis.</summary>
public abstract class LimitsContractTests
{
    private static readonly LimitRule Ten = LimitRule.OnAverage("ten", 10, TimeSpan.FromSeconds(10), 10);
    private static readonly LimitRule Two = LimitRule.OnAverage("two", 1, TimeSpan.FromSeconds(1), 2);

    private protected ManualTime Time { get; } = new();

    /// <summary>Two instances that draw on the same budget.</summary>
    private protected abstract Task<(ILimits One, ILimits Other)> PairAsync();

    [Fact]
    public async Task Take_BurstIsUsedUp_WaitsForTheNextUnit()
    {
        (ILimits limits, _) = await PairAsync();
        for (int i = 0; i < 10; i++) Assert.Equal(LimitVerdict.Go, await TakeAsync(limits, Ten));

        Assert.Equal(new LimitVerdict(false, TimeSpan.FromSeconds(1), "ten"), await TakeAsync(limits, Ten));
        Time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(new LimitVerdict(false, TimeSpan.FromMilliseconds(1), "ten"), await TakeAsync(limits, Ten));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(LimitVerdict.Go, await TakeAsync(limits, Ten));
        Assert.False((await TakeAsync(limits, Ten)).Allowed);
    }

    [Fact]
    public async Task Take_AfterARest_HasTheWholeBurstAndNoMore()
    {
        (ILimits limits, _) = await PairAsync();
        for (int i = 0; i < 10; i++) await TakeAsync(limits, Ten);
        Time.Advance(TimeSpan.FromHours(1));

        for (int i = 0; i < 10; i++) Assert.True((await TakeAsync(limits, Ten)).Allowed);
        Assert.False((await TakeAsync(limits, Ten)).Allowed);
    }

    [Fact]
    public async Task Take_TwoInstances_ShareOneBudget()
    {
        (ILimits one, ILimits other) = await PairAsync();
        int allowed = 0;
        for (int i = 0; i < 20; i++)
            if ((await TakeAsync(i % 2 == 0 ? one : other, Ten)).Allowed) allowed++;

        Assert.Equal(10, allowed);
    }

    [Fact]
    public async Task Take_ManyAtOnce_NeverMoreThanTheBurst()
    {
        (ILimits one, ILimits other) = await PairAsync();
        LimitVerdict[] all = await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(i => Task.Run(() => TakeAsync(i % 2 == 0 ? one : other, Ten).AsTask())));

        Assert.Equal(10, all.Count(v => v.Allowed));
    }

    [Fact]
    public async Task Take_OneBucketIsEmpty_TakesFromNone()
    {
        (ILimits limits, _) = await PairAsync();
        LimitTake[] both = [new(Ten, "a"), new(Two, "a")];
        Assert.True((await limits.TakeAsync(both, TimeSpan.Zero, default)).Allowed);
        Assert.True((await limits.TakeAsync(both, TimeSpan.Zero, default)).Allowed);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(
                new LimitVerdict(false, TimeSpan.FromSeconds(1), "two"),
                await limits.TakeAsync(both, TimeSpan.Zero, default));
        }

        for (int i = 0; i < 8; i++) Assert.True((await TakeAsync(limits, Ten, "a")).Allowed);
        Assert.False((await TakeAsync(limits, Ten, "a")).Allowed);
    }

    [Fact]
    public async Task Take_WithPatience_ReservesInTheOrderOfAsking()
    {
        (ILimits one, ILimits other) = await PairAsync();
        for (int i = 0; i < 2; i++) await TakeAsync(one, Two);
        TimeSpan patience = TimeSpan.FromSeconds(2);

        Assert.Equal((true, 1), Seconds(await one.TakeAsync([new(Two, "x")], patience, default)));
        Assert.Equal((true, 2), Seconds(await other.TakeAsync([new(Two, "x")], patience, default)));
        Assert.Equal((false, 3), Seconds(await one.TakeAsync([new(Two, "x")], patience, default)));
        // What was refused has taken nothing.
        Assert.Equal((false, 3), Seconds(await other.TakeAsync([new(Two, "x")], patience, default)));
    }

    [Fact]
    public async Task Take_WaitsForOneBucket_UsesTheOthersOnlyThen()
    {
        (ILimits one, ILimits other) = await PairAsync();
        for (int i = 0; i < 2; i++) await TakeAsync(one, Two);
        TimeSpan patience = TimeSpan.FromSeconds(2);
        LimitTake[] both = [new(Ten, "x"), new(Two, "x")];

        Assert.Equal((true, 1), Seconds(await one.TakeAsync(both, patience, default)));
        // Reckoned from when it goes: what flows back until then is not there twice.
        for (int i = 0; i < 8; i++) Assert.True((await TakeAsync(other, Ten)).Allowed);
        Assert.Equal((false, 1), Seconds(await TakeAsync(other, Ten)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Take_ClockHasSteppedBackFar_BeginsAnew(bool blocked)
    {
        (ILimits one, ILimits other) = await PairAsync();
        if (blocked) await one.BlockAsync(Ten, "x", TimeSpan.FromMinutes(1), default);
        else await one.ChargeAsync([new(Ten, "x", 70)], default);
        Time.Advance(TimeSpan.FromMinutes(-1));
        Assert.False((await TakeAsync(other, Ten)).Allowed);

        Time.Advance(TimeSpan.FromHours(-1));
        for (int i = 0; i < 10; i++) Assert.True((await TakeAsync(other, Ten)).Allowed);
        Assert.Equal((false, 1), Seconds(await TakeAsync(one, Ten)));
    }

    [Fact]
    public async Task ChargeAndBlock_WithoutMeasure_LastNoLongerThanMinutes()
    {
        (ILimits limits, _) = await PairAsync();
        await limits.ChargeAsync([new(Ten, "x", 1_000_000)], default);
        await limits.BlockAsync(Ten, "y", TimeSpan.FromDays(11), default);

        Assert.Equal((false, 181), Seconds(await TakeAsync(limits, Ten)));
        Assert.Equal((false, 190), Seconds(await TakeAsync(limits, Ten, "y")));
    }

    [Fact]
    public async Task Take_OtherSubjects_HaveTheirOwn()
    {
        (ILimits limits, _) = await PairAsync();
        for (int i = 0; i < 10; i++) await TakeAsync(limits, Ten, "a");

        Assert.False((await TakeAsync(limits, Ten, "a")).Allowed);
        Assert.True((await TakeAsync(limits, Ten, "b")).Allowed);
    }

    [Fact]
    public async Task Take_MoreThanABurst_IsLetThroughWhenFullAndPaidBack()
    {
        (ILimits limits, _) = await PairAsync();
        Assert.True((await limits.TakeAsync([new(Ten, "x", 25)], TimeSpan.Zero, default)).Allowed);

        Assert.Equal((false, 16), Seconds(await TakeAsync(limits, Ten)));
    }

    [Fact]
    public async Task Charge_BeyondWhatIsThere_IsPaidBackByWhoComesLater()
    {
        (ILimits one, ILimits other) = await PairAsync();
        await one.ChargeAsync([new(Ten, "x", 30)], default);

        Assert.Equal((false, 21), Seconds(await TakeAsync(other, Ten)));
        Time.Advance(TimeSpan.FromSeconds(21));
        Assert.True((await TakeAsync(other, Ten)).Allowed);
    }

    [Fact]
    public async Task Charge_LessThanWasTaken_GivesBack()
    {
        (ILimits limits, _) = await PairAsync();
        await limits.TakeAsync([new(Ten, "x", 10)], TimeSpan.Zero, default);
        await limits.ChargeAsync([new(Ten, "x", -7)], default);

        for (int i = 0; i < 7; i++) Assert.True((await TakeAsync(limits, Ten)).Allowed);
        Assert.False((await TakeAsync(limits, Ten)).Allowed);
        await limits.ChargeAsync([new(Ten, "x", -1_000)], default);
        for (int i = 0; i < 10; i++) Assert.True((await TakeAsync(limits, Ten)).Allowed);
        Assert.False((await TakeAsync(limits, Ten)).Allowed);
    }

    [Fact]
    public async Task Block_HoldsEveryInstanceBackForThatTime()
    {
        (ILimits one, ILimits other) = await PairAsync();
        await one.BlockAsync(Ten, "x", TimeSpan.FromSeconds(20), default);
        await other.BlockAsync(Ten, "x", TimeSpan.FromSeconds(5), default);

        Assert.Equal(new LimitVerdict(false, TimeSpan.FromSeconds(20), "ten"), await TakeAsync(other, Ten));
        Assert.True((await TakeAsync(other, Ten, "y")).Allowed);
        Time.Advance(TimeSpan.FromSeconds(20));
        for (int i = 0; i < 10; i++) Assert.True((await TakeAsync(one, Ten)).Allowed);
        Assert.False((await TakeAsync(other, Ten)).Allowed);
    }

    [Fact]
    public async Task AtMost_AnyWindow_HoldsNoMoreThanTheLimit()
    {
        (ILimits limits, _) = await PairAsync();
        LimitRule number = LimitRule.AtMost("number", 80, TimeSpan.FromSeconds(1));
        List<double> sent = [];
        for (int step = 0; step < 300; step++)
        {
            while ((await TakeAsync(limits, number)).Allowed) sent.Add(step * 10);
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        int most = sent.Max(from => sent.Count(at => at >= from && at < from + 1_000));
        Assert.InRange(most, 70, 80);
        Assert.InRange(sent.Count, 3 * 70, 3 * 80);
    }

    private protected static ValueTask<LimitVerdict> TakeAsync(ILimits limits, LimitRule rule, string subject = "x") =>
        limits.TakeAsync([new LimitTake(rule, subject)], TimeSpan.Zero, default);

    private static (bool, int) Seconds(LimitVerdict verdict) => (verdict.Allowed, (int)verdict.Wait.TotalSeconds);
}

public sealed class LocalLimitsTests : LimitsContractTests
{
    private protected override Task<(ILimits One, ILimits Other)> PairAsync()
    {
        var limits = new LocalLimits(Time);
        return Task.FromResult<(ILimits, ILimits)>((limits, limits));
    }

    [Fact]
    public async Task Buckets_ThatAreFullAgain_AreForgotten()
    {
        var limits = new LocalLimits(Time);
        var rule = LimitRule.OnAverage("pair", 1, TimeSpan.FromSeconds(6), 45);
        for (int customer = 0; customer < 100_000; customer++)
        {
            await TakeAsync(limits, rule, $"{customer}");
            Time.Advance(TimeSpan.FromMilliseconds(12));
        }

        // Those of the last six seconds, and what has gathered since the last look.
        Assert.InRange(limits.Count, 1, 2_000);
    }
}

public sealed class ScriptLimitsTests : LimitsContractTests, IAsyncLifetime
{
    private RespClient _one = null!;
    private RespClient _other = null!;

    public async Task InitializeAsync()
    {
        _one = await RedisServer.EmptyAsync(1);
        _other = await RedisServer.ConnectAsync(1);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    private protected override Task<(ILimits One, ILimits Other)> PairAsync() => Task.FromResult<(ILimits, ILimits)>(
        (new ScriptLimits(_one, Time), new ScriptLimits(_other, Time)));

    [Fact]
    public async Task Keys_OfAnyCommand_EndByThemselves()
    {
        var limits = new ScriptLimits(_one, time: null);
        LimitRule slow = LimitRule.OnAverage("slow", 1, TimeSpan.FromSeconds(6), 45);
        for (int i = 0; i < 50; i++) await TakeAsync(limits, slow, $"{i}");
        await limits.ChargeAsync([new(slow, "debt", 100), new(slow, "back", -100)], default);
        await limits.BlockAsync(slow, "blocked", TimeSpan.FromMinutes(5), default);

        var keys = (object?[])((object?[])(await _one.CallAsync("SCAN", "0", "COUNT", "1000"))!)[1]!;
        Assert.Equal(53, keys.Length);
        foreach (string key in keys.Cast<string>())
        {
            long left = (long)(await _one.CallAsync("PTTL", key))!;
            Assert.InRange(left, 1, 16.5 * 60_000);
        }
    }

    [Fact]
    public async Task Take_ByTheServersClock_RefillsInRealTime()
    {
        var limits = new ScriptLimits(_one, time: null);
        LimitRule rule = LimitRule.OnAverage("real", 1, TimeSpan.FromSeconds(60), 3);
        for (int i = 0; i < 3; i++) Assert.True((await TakeAsync(limits, rule)).Allowed);

        LimitVerdict refused = await TakeAsync(limits, rule);
        Assert.False(refused.Allowed);
        Assert.InRange(refused.Wait.TotalSeconds, 30, 60);
    }

    /// <summary>
    /// The script and the C# decide alike, to the microsecond, whatever is asked in whatever order.
    /// </summary>
    [Fact]
    public async Task AnySequence_OnScriptAndLocal_IsDecidedAlike()
    {
        LimitRule[] rules =
        [
            LimitRule.AtMost("number", 80, TimeSpan.FromSeconds(1)),
            LimitRule.OnAverage("pair", 1, TimeSpan.FromSeconds(6), 45),
            LimitRule.AtMost("tokens", 200_000, TimeSpan.FromMinutes(1)),
            LimitRule.OnAverage("odd", 7, TimeSpan.FromSeconds(60), 3),
            new LimitRule("busy", 1_000_000, 1_000_000),
        ];
        var script = new ScriptLimits(_one, Time);
        var local = new LocalLimits(Time);
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            for (int step = 0; step < 250; step++)
            {
                LimitTake[] takes = [.. rules.Where(_ => random.Next(2) == 0).DefaultIfEmpty(rules[0])
                    .Select(rule => Take(rule, random, seed))];
                int kind = random.Next(12);
                if (kind == 0)
                {
                    TimeSpan pause = TimeSpan.FromMilliseconds(random.Next(5_000));
                    await script.BlockAsync(takes[0].Rule, takes[0].Subject, pause, default);
                    await local.BlockAsync(takes[0].Rule, takes[0].Subject, pause, default);
                }
                else if (kind == 1)
                {
                    await script.ChargeAsync(takes, default);
                    await local.ChargeAsync(takes, default);
                }
                else
                {
                    takes = [.. takes.Select(t => t with { Cost = Math.Abs(t.Cost) })];
                    TimeSpan patience = TimeSpan.FromMilliseconds(random.Next(3) * 500);
                    LimitVerdict expected = await local.TakeAsync(takes, patience, default);
                    Assert.Equal(expected, await script.TakeAsync(takes, patience, default));
                }

                Time.Advance(TimeSpan.FromMicroseconds(random.Next(3) * random.Next(400_000)));
                if (random.Next(60) == 0) Time.Advance(TimeSpan.FromSeconds(-random.Next(600)));
            }
        }
    }

    private static LimitTake Take(LimitRule rule, Random random, int seed) => new(
        rule, $"{seed}/{random.Next(2)}",
        rule.Name == "tokens" ? random.Next(-3_000, 9_000) : random.Next(10) == 0 ? -1 : random.Next(1, 4));
}
