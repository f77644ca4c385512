using Vellarys.Channels;
using Vellarys.Conversations.Sending;
using Vellarys.Limits;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Limits;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>What a number's backlog costs: each round of a message is a claim and a return in the database.</summary>
public sealed class SendBacklogTests
{
    private const int Handlers = 64;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Backlog_OfTwoThousand_CostsFewClaimsASend()
    {
        SendPacing pacing = new(new LocalLimits(_time), new(), LimitsParts.Metrics, _time);
        var number = new ChannelId(Ids.New(_time));
        PriorityQueue<string, TimeSpan> queue = new();
        for (int i = 0; i < 2_000; i++) queue.Enqueue($"{i}", TimeSpan.Zero);
        List<(string To, Task<TimeSpan?> Wait)> held = [];
        int claims = 0, sent = 0;
        TimeSpan now = TimeSpan.Zero;
        for (; sent < 2_000 && now < TimeSpan.FromMinutes(5); now += Step)
        {
            // Handlers are free again within the step: a claim and a return take a few milliseconds.
            for (int begun = 0; begun < Handlers && held.Count < Handlers; begun++)
            {
                if (!queue.TryPeek(out string? to, out TimeSpan due) || due > now) break;
                queue.Dequeue();
                claims++;
                held.Add((to, pacing.WaitAsync(SendPace.Meta, number, to, default).AsTask()));
            }

            foreach ((string to, Task<TimeSpan?> wait) in held.FindAll(h => h.Wait.IsCompleted))
            {
                held.Remove((to, wait));
                if (await wait is { } later) queue.Enqueue(to, now + later);
                else sent++;
            }

            _time.Advance(Step);
            await Task.Yield();
        }

        Assert.Equal(2_000, sent);
        Assert.True(claims < 3 * sent, $"{claims} claims for {sent} sends in {now.TotalSeconds} s");
        // The pace is 79 a second: waiting in line costs little of it, and 95 % of the 80 are kept.
        Assert.InRange(now.TotalSeconds, 25, 26.3);
    }

    [Fact]
    public async Task Refused_OneAfterTheOther_ComeBackOneAfterTheOther()
    {
        SendPacing pacing = new(new LocalLimits(_time), new() { MessagesPerSecond = 10 }, LimitsParts.Metrics, _time);
        var number = new ChannelId(Ids.New(_time));
        List<TimeSpan> waits = [];
        for (int i = 0; i < 40; i++)
        {
            Task<TimeSpan?> asked = pacing.WaitAsync(SendPace.Meta, number, $"{i}", default).AsTask();
            if (asked.IsCompleted && await asked is { } wait) waits.Add(wait);
        }

        Assert.InRange(waits.Count, 37, 39);
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits[^1].TotalSeconds, 3.8, 5);
        // Another number's line is its own.
        var other = new ChannelId(Ids.New(_time));
        Assert.Null(await pacing.WaitAsync(SendPace.Meta, other, "0", default));
    }

    [Theory]
    [InlineData("number", 60)]
    [InlineData("pair", 45)]
    public async Task Refused_ForFarTooLong_ComesBackAllTheSame(string bucket, int seconds)
    {
        SendPacing pacing = new(new Refusing(bucket), new(), LimitsParts.Metrics, _time);
        var number = new ChannelId(Ids.New(_time));
        for (int i = 0; i < 3_000; i++)
        {
            TimeSpan? wait = await pacing.WaitAsync(SendPace.Meta, number, $"{i}", default);
            Assert.InRange(wait!.Value.TotalSeconds, 30, seconds);
        }
    }

    [Fact]
    public async Task HostStops_PlaceGoesToOthersAndTheMessageComesBackSoon()
    {
        SendPacing pacing = new(new LocalLimits(_time), new() { MessagesPerSecond = 10 }, LimitsParts.Metrics, _time);
        var number = new ChannelId(Ids.New(_time));
        Assert.Null(await pacing.WaitAsync(SendPace.Meta, number, "ana", default));
        using CancellationTokenSource stop = new();
        Task<TimeSpan?> waiting = pacing.WaitAsync(SendPace.Meta, number, "bia", stop.Token).AsTask();
        await _time.PendingAsync(1);
        await stop.CancelAsync();

        Assert.Equal(TimeSpan.FromMilliseconds(250), await waiting);
        // Who comes with a token that is cancelled already takes nothing.
        Assert.Equal(
            TimeSpan.FromMilliseconds(250), await pacing.WaitAsync(SendPace.Meta, number, "bia", stop.Token));
        _time.Advance(TimeSpan.FromMilliseconds(112));
        ValueTask<TimeSpan?> next = pacing.WaitAsync(SendPace.Meta, number, "caio", default);
        Assert.True(next.IsCompleted);
        Assert.Null(await next);
    }

    private sealed class Refusing(string bucket) : ILimits
    {
        public ValueTask<LimitVerdict> TakeAsync(
            IReadOnlyList<LimitTake> takes, TimeSpan patience, CancellationToken cancellationToken) =>
            ValueTask.FromResult(new LimitVerdict(false, TimeSpan.FromDays(365), bucket));

        public ValueTask ChargeAsync(IReadOnlyList<LimitTake> takes, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;

        public ValueTask BlockAsync(
            LimitRule rule, string subject, TimeSpan pause, CancellationToken cancellationToken) =>
            ValueTask.CompletedTask;
    }
}
