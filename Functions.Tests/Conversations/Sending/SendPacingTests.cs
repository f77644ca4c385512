using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Conversations.Sending;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Channels;
using Vellarys.Tests.Limits;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>Sends at a provider's pace: real rows, real HTTP, a clock that the test moves.</summary>
public sealed class SendPacingTests : IAsyncLifetime
{
    private const string Ana = "5511987650001";
    private const string Bia = "5511987650002";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };
    private ProviderServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await ProviderServer.StartAsync();
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT"}]}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task ShortWait_IsSpentInPlaceWithoutAConnection()
    {
        await using Pipeline pipeline = await StartAsync(new() { MessagesPerSecond = 10 });
        await AnswerAsync(pipeline, Ana, Bia);
        List<TestDelivery> both = await pipeline.TakeAsync(Queues.MessageDelivery);
        await pipeline.RunAsync(both[0]);

        Task second = pipeline.RunAsync(both[1]);
        await pipeline.Time.PendingAsync(1);
        Assert.Single(_server.Requests);
        Assert.Equal(["sending", "sent"], await StatesAsync(pipeline));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and state like 'idle in transaction%'
            """));
        pipeline.Time.Advance(TimeSpan.FromSeconds(1));
        await second;

        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal(["sent", "sent"], await StatesAsync(pipeline));
    }

    [Fact]
    public async Task WaitOfHalfASecond_HoldsNoClaim()
    {
        await using Pipeline pipeline = await StartAsync(new() { MessagesPerSecond = 2 });
        await AnswerAsync(pipeline, Ana, Bia);
        List<TestDelivery> both = await pipeline.TakeAsync(Queues.MessageDelivery);
        await pipeline.RunAsync(both[0]);
        await pipeline.RunAsync(both[1]);

        Assert.Equal(["pending", "sent"], await StatesAsync(pipeline));
        Assert.InRange(both[1].DeferredFor!.Value.TotalSeconds, 0.5, 0.8);
    }

    [Fact]
    public async Task SuccessorOfAPacedMessage_LooksAFewTimesOnly()
    {
        await using Pipeline pipeline = await StartAsync(new() { PairBurst = 1 });
        await AnswerAsync(pipeline, Ana, Ana, Ana);
        List<TestDelivery> all = await pipeline.TakeAsync(Queues.MessageDelivery);
        await pipeline.RunAsync(all[0]);
        await pipeline.RunAsync(all[1]);
        // Made just now: other tests move the clock of this process's keys.
        TestDelivery third = new(all[2].Message with { Id = Guid.CreateVersion7(pipeline.Clock.GetUtcNow()) });
        int rounds = 0;
        while (pipeline.Clock.Ahead < all[1].DeferredFor)
        {
            await pipeline.RunAsync(third);
            Assert.InRange(third.DeferredFor!.Value.TotalMilliseconds, 40, 2_000);
            pipeline.Clock.Ahead += third.DeferredFor!.Value;
            rounds++;
        }

        Assert.InRange(rounds, 2, 18);
    }

    [Fact]
    public async Task LongWait_ReturnsTheMessageUncountedAndKeepsTheOrder()
    {
        await using Pipeline pipeline = await StartAsync(new() { PairBurst = 1 });
        await AnswerAsync(pipeline, Ana, Ana, Ana);
        List<TestDelivery> all = await pipeline.TakeAsync(Queues.MessageDelivery);
        await pipeline.RunAsync(all[0]);
        await pipeline.RunAsync(all[1]);
        await pipeline.RunAsync(all[2]);

        Assert.Single(_server.Requests);
        Assert.InRange(all[1].DeferredFor!.Value.TotalSeconds, 6, 9);
        Assert.Equal(["sent/1/-", "pending/0/paced", "pending/0/-"], await pipeline.ListAsync<string>(
            "select state || '/' || sends || '/' || coalesce(reason, '-') from deliveries order by seq"));

        // The third may try first: its turn comes after the second's.
        pipeline.Time.Advance(TimeSpan.FromSeconds(6));
        await pipeline.RunAsync(all[2]);
        Assert.Single(_server.Requests);
        await pipeline.RunAsync(all[1]);
        pipeline.Time.Advance(TimeSpan.FromSeconds(6));
        await pipeline.RunAsync(all[2]);

        Assert.Equal(3, _server.Requests.Count);
        Assert.Equal(
            await pipeline.ListAsync<Guid>("select message_id from deliveries order by seq"),
            pipeline.Provider.Sends.Select(m => m.Id.Value));
    }

    [Fact]
    public async Task ProviderThatDoesNotCount_IsNotPaced()
    {
        await using Pipeline pipeline = await StartAsync(new() { MessagesPerSecond = 1, PairBurst = 1 });
        pipeline.Provider.Pace = SendPace.Free;
        await AnswerAsync(pipeline, Ana, Bia);
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task BusyNumber_LeavesHandlersToTheOthers()
    {
        ManualTime time = new();
        SendPacing pacing = new(
            new LocalLimits(time), new() { PaceWait = TimeSpan.FromSeconds(2) }, LimitsParts.Metrics, time);
        var number = new ChannelId(Ids.New(time));
        Task<TimeSpan?>[] all =
        [
            .. Enumerable.Range(0, 64).Select(i => pacing.WaitAsync(SendPace.Meta, number, $"{i}", default).AsTask()),
        ];

        // One at once, thirty-two in place, the rest in the queue.
        Assert.Equal(1, all.Count(t => t.IsCompleted && t.Result is null));
        Assert.Equal(31, all.Count(t => t.IsCompleted && t.Result is not null));
        Assert.Null(await pacing.WaitAsync(SendPace.Meta, new ChannelId(Ids.New(time)), Ana, default));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(33, (await Task.WhenAll(all)).Count(wait => wait is null));
    }

    [Fact]
    public async Task PerNumber_RuleOfAnAdapter_IsItsOwn()
    {
        ManualTime time = new();
        SendPacing pacing = new(
            new LocalLimits(time), new() { MessagesPerSecond = 0, PaceWait = TimeSpan.FromSeconds(2) },
            LimitsParts.Metrics, time);
        var pace = new SendPace.PerNumber(50, TimeSpan.FromMinutes(1));
        var number = new ChannelId(Ids.New(time));
        Assert.Null(await pacing.WaitAsync(pace, number, Ana, default));
        Task<TimeSpan?> second = pacing.WaitAsync(pace, number, Ana, default).AsTask();
        await time.PendingAsync(1);
        time.Advance(TimeSpan.FromSeconds(1.4));

        Assert.Null(await second);
    }

    private async Task<Pipeline> StartAsync(LimitsOptions limits)
    {
        Pipeline pipeline = await Pipeline.StartAsync(Quick, limits);
        MetaCloudProvider meta = new MetaCloudProvider(
            new MetaCloudOptions { BaseUrl = _server.Url }, TimeProvider.System,
            NullLogger<MetaCloudProvider>.Instance);
        pipeline.Provider.Pace = meta.Pace;
        pipeline.Provider.Outcome = message => meta.SendAsync(pipeline.Channel, message, default);
        return pipeline;
    }

    private static async Task AnswerAsync(Pipeline pipeline, params string[] customers)
    {
        foreach (string customer in customers)
        {
            await pipeline.ReceiveAsync(customer, "oi");
            await pipeline.RunAsync(Queues.AiResponse);
        }
    }

    private static Task<List<string>> StatesAsync(Pipeline pipeline) =>
        pipeline.ListAsync<string>("select state from deliveries order by state");
}
