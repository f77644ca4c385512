using Vellarys.Jobs;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Crash;
using Vellarys.Webhooks;
using Vellarys.Webhooks.Upkeep;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>
/// Receivers that go away and come back, as time goes by: a clock that the test moves, the database with it.
/// </summary>
public sealed class WebhookOutageTests
{
    private const string OfTheQueue =
        "select count(*) from queue_messages where queue = 'webhook-delivery' and body like '%' || @id || '%'";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Receiver_DownForAnHourAndKilledMidway_HearsOfEveryEventUnderItsId()
    {
        int port = HostProcess.FreePort();
        var time = new ManualTime();
        await using WebhookStage stage = await WebhookStage.OpenAsync(BuiltIn, calls: 4, time: time);
        (Guid id, string secret) = await stage.SubscribeAsync(
            ["message.received"], url: $"http://127.0.0.1:{port}/hooks");
        // Another of the same company is up all the while.
        await stage.SubscribeAsync(["message.received"]);
        List<Call> calls = [];
        await using (Receiver first = await Receiver.StartAsync(port))
        {
            await HappenAsync(stage, 5);
            await PassAsync(stage, time, Step);
            Assert.Equal(5, first.Taken.Count());
            calls.AddRange(first.Calls);
        }

        for (int minute = 0; minute < 60; minute++)
        {
            await HappenAsync(stage, 2);
            await PassAsync(stage, time, TimeSpan.FromMinutes(1));
        }

        // An hour of events waits in the books. The queue has the one with which it is tried, and no other.
        Assert.InRange(await stage.Pipeline.ScalarAsync<long>(OfTheQueue, new { id = id.ToString() }), 0, 1);
        Assert.Equal(125, stage.Receiver.Taken.Select(c => c.Id).Distinct().Count());

        await using (Receiver second = await Receiver.StartAsync(port))
        {
            // It dies in the middle of what it has missed: some are taken and not answered.
            int seen = 0;
            second.Answer = _ => Task.FromResult(Interlocked.Increment(ref seen) > 40 ? 0 : 204);
            for (int i = 0; i < 12 && Volatile.Read(ref seen) <= 40; i++) await PassAsync(stage, time, Step);
            Assert.True(Volatile.Read(ref seen) > 40);
            calls.AddRange(second.Calls);
        }

        await PassAsync(stage, time, TimeSpan.FromMinutes(10));
        await using Receiver third = await Receiver.StartAsync(port);
        for (int i = 0; i < 12; i++) await PassAsync(stage, time, Step);
        calls.AddRange(third.Calls);

        // Two minutes after it is back it knows everything.
        Assert.Equal(250, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from webhook_deliveries where state = 'delivered'"));
        List<Guid> events = await stage.Pipeline.ListAsync<Guid>("select id from webhook_events");
        Assert.Equal(125, events.Count);
        Assert.Equal(
            events.Order(), calls.Where(c => c.Status == 204).Select(c => Guid.Parse(c.Id)).Distinct().Order());
        Assert.Empty(calls.Select(c => Guid.Parse(c.Id)).Except(events));
        Assert.Equal(125, stage.Receiver.Calls.Count);
        Assert.All(calls, c => Assert.True(c.IsSignedWith(secret)));
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from webhook_endpoints where failing_since is not null or trial is not null"));
    }

    [Fact]
    public async Task Endpoint_ThatIsDown_IsTriedOnceAMinuteWhateverHappens()
    {
        var time = new ManualTime();
        await using WebhookStage stage = await WebhookStage.OpenAsync(BuiltIn, calls: 4, time: time);
        await stage.SubscribeAsync(["message.received"]);
        stage.Receiver.Answer = _ => Task.FromResult(503);
        for (int i = 0; i < 20; i++)
        {
            await HappenAsync(stage, 5);
            await PassAsync(stage, time, TimeSpan.FromMinutes(1));
        }

        stage.Receiver.Calls.Clear();
        for (int i = 0; i < 60; i++)
        {
            await HappenAsync(stage, 5);
            await PassAsync(stage, time, Step);
        }

        // Another event each time: one that is refused for what it says does not stand in for the endpoint.
        Assert.InRange(stage.Receiver.Calls.Count, 8, 11);
        Assert.Distinct(stage.Receiver.Calls.Select(c => c.Id));
    }

    [Fact]
    public async Task Event_RefusedForWhatItSays_HoldsUpNoOther()
    {
        var time = new ManualTime();
        await using WebhookStage stage = await WebhookStage.OpenAsync(BuiltIn, calls: 4, time: time);
        await stage.SubscribeAsync(["message.received"]);
        await HappenAsync(stage, 1);
        string refused = (await stage.Pipeline.ScalarAsync<Guid>("select id from webhook_events")).ToString();
        stage.Receiver.Answer = c => Task.FromResult(c.Id == refused ? 500 : 204);
        for (int i = 0; i < 30; i++) await PassAsync(stage, time, TimeSpan.FromMinutes(1));
        for (int i = 0; i < 3; i++)
        {
            await PassAsync(stage, time, Step);
            await HappenAsync(stage, 1);
            await stage.SettleAsync();
            Assert.Equal(i + 1, stage.Receiver.Taken.Count());
        }
    }

    [Fact]
    public async Task Waiting_OfAHostThatDied_IsHandedOverByTheJob()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync(BuiltIn, calls: 4);
        await stage.SubscribeAsync(["message.received"]);
        await HappenAsync(stage, 10);
        await stage.FanOutAsync();
        await stage.Pipeline.ExecuteAsync(
            "delete from queue_messages; update webhook_deliveries set state = 'waiting', round = 1");
        await WatchAsync(stage);
        await stage.SettleAsync();
        Assert.Equal(10, stage.Receiver.Taken.Select(c => c.Id).Distinct().Count());

        // What waits for one that was disabled meanwhile is held.
        await stage.Pipeline.ExecuteAsync(
            "update webhook_deliveries set state = 'waiting'; update webhook_endpoints set status = 'disabled'");
        await WatchAsync(stage);
        Assert.Equal(10, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from webhook_deliveries where state = 'held'"));
    }

    private static string BuiltIn => new WebhookOptions().RetryDelays;

    private static Task WatchAsync(WebhookStage stage) =>
        stage.Get<IEnumerable<IJob>>().OfType<WatchWaiting>().Single().RunAsync(default);

    private static Task HappenAsync(WebhookStage stage, int times) => stage.Pipeline.ExecuteAsync(
        """
        select tell_webhooks(@tenant, 'message.received', null, jsonb_build_object('n', n))
        from generate_series(1, @times) as n
        """,
        new { tenant = stage.Pipeline.Tenant.Id.Value, times });

    private static async Task PassAsync(WebhookStage stage, ManualTime time, TimeSpan by)
    {
        await stage.SettleAsync();
        time.Advance(by);
        await stage.TravelAsync(by);
        await stage.SettleAsync();
    }
}
