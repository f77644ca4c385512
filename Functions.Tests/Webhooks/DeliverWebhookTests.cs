using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Tests.Conversations;
using Vellarys.Webhooks;
using Vellarys.Webhooks.Endpoints;
using Vellarys.Webhooks.Upkeep;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>One event on its way to one endpoint, with the queue turned by hand.</summary>
public sealed class DeliverWebhookTests
{
    private const string Ana = "5511987650001";

    [Theory]
    [InlineData("webhook:before-call")]
    [InlineData("webhook:after-call")]
    [InlineData("webhook:after-settle")]
    public async Task Call_BrokenOffAnywhere_ArrivesUnderTheSameId(string point)
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.SubscribeAsync(["message.received"]);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.FanOutAsync();
        TestDelivery call = Assert.Single(await stage.Pipeline.TakeAsync(Queues.WebhookDelivery));
        stage.Pipeline.CrashPoints.At = point;
        await Assert.ThrowsAsync<InvalidOperationException>(() => stage.Pipeline.HandleAsync(call));

        stage.Pipeline.CrashPoints.At = null;
        await stage.SettleAsync();
        Assert.NotEmpty(stage.Receiver.Taken);
        Assert.Equal(
            [await stage.Pipeline.ScalarAsync<Guid>("select id from webhook_events")],
            stage.Receiver.Calls.Select(c => Guid.Parse(c.Id)).Distinct());
        Assert.Equal("delivered", await stage.Pipeline.ScalarAsync<string>("select state from webhook_deliveries"));
    }

    [Fact]
    public async Task Receiver_DownForGood_IsADeadLetterThatAReplayRaises()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync("0:0:1,1:0:0");
        (Guid id, string secret) = await stage.SubscribeAsync(["message.received"]);
        stage.Receiver.Answer = _ => Task.FromResult(503);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.FanOutAsync();
        TestDelivery[] attempts = [await AttemptAsync(stage), await AttemptAsync(stage), await AttemptAsync(stage)];

        // Each waits for its pause, lengthened by a fifth at most; none is given up before its time, and then it is
        // where an operator sees it.
        Assert.InRange(attempts[0].DeferredFor!.Value.TotalSeconds, 1, 1.2);
        Assert.InRange(attempts[1].DeferredFor!.Value.TotalHours, 1, 1.2);
        Assert.Equal((TimeSpan.FromHours(1), null), (attempts[2].DeferredFor, attempts[2].DeadLetterCode));
        await stage.TravelAsync(TimeSpan.FromHours(2));
        TestDelivery last = await AttemptAsync(stage);
        Assert.Equal((null, "webhook_not_taken"), (last.DeferredFor, last.DeadLetterCode));
        Assert.Equal("dead", await stage.Pipeline.ScalarAsync<string>("select state from webhook_deliveries"));
        Assert.Equal("status_503", await stage.Pipeline.ScalarAsync<string>(
            "select last_reason from webhook_deliveries where attempts = 4"));

        stage.Receiver.Answer = _ => Task.FromResult(200);
        await stage.Pipeline.ExecuteAsync("delete from queue_messages");
        Assert.IsType<ReplayOutcome.Done>(await stage.Get<ReplayEvents>().RunAsync(
            stage.Pipeline.Tenant.Id, id, null, DateTimeOffset.UnixEpoch, null, false, default));
        await stage.SettleAsync();
        Call taken = Assert.Single(stage.Receiver.Taken);
        Assert.Single(stage.Receiver.Calls.Select(c => c.Id).Distinct());
        Assert.True(taken.IsSignedWith(secret));
    }

    [Fact]
    public async Task Replay_WhileAnAttemptWaits_IsMadeAtOnceAndOnce()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync("8:0:0");
        (Guid id, _) = await stage.SubscribeAsync(["message.received"]);
        stage.Receiver.Answer = _ => Task.FromResult(500);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.FanOutAsync();
        TestDelivery old = await AttemptAsync(stage);
        Assert.NotNull(old.DeferredFor);
        await stage.Pipeline.ExecuteAsync("delete from queue_messages where queue = 'webhook-delivery'");

        stage.Receiver.Answer = _ => Task.FromResult(200);
        Guid happened = await stage.Pipeline.ScalarAsync<Guid>("select id from webhook_events");
        Assert.IsType<ReplayOutcome.Done>(await stage.Get<ReplayEvents>().RunAsync(
            stage.Pipeline.Tenant.Id, id, happened, null, null, false, default));
        // What was left of the first round comes as well, and is not carried out.
        await stage.Pipeline.HandleAsync(new TestDelivery(old.Message));
        Assert.Empty(stage.Receiver.Taken);
        await stage.SettleAsync();
        await stage.Pipeline.HandleAsync(new TestDelivery(old.Message));
        Assert.Single(stage.Receiver.Taken);
    }

    [Fact]
    public async Task Endpoint_FailingForDays_IsDisabledAndStaffIsToldBefore()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync("0:0:0,0:0:0,0:0:0,0:0:0");
        await stage.Pipeline.ExecuteAsync(
            "insert into agents (tenant_id, id, name, role) values (@tenant, gen_random_uuid(), 'Bia', 'supervisor')",
            new { tenant = stage.Pipeline.Tenant.Id.Value });
        (Guid id, _) = await stage.SubscribeAsync(["message.received"]);
        stage.Receiver.Answer = _ => Task.FromResult(500);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.FanOutAsync();
        await AttemptAsync(stage);
        await ShiftAsync("2 hours");
        await AttemptAsync(stage);
        await AttemptAsync(stage);
        Assert.Equal(["webhook_failing"], await NoticesAsync());

        await ShiftAsync("6 days");
        await AttemptAsync(stage);
        // Long, but a few failures only: something that is seldom called.
        Assert.Equal("active", await stage.Pipeline.ScalarAsync<string>("select status from webhook_endpoints"));
        await stage.Pipeline.ExecuteAsync("update webhook_endpoints set failures = 30");
        await AttemptAsync(stage);
        Assert.Equal("failures", await stage.Pipeline.ScalarAsync<string>(
            "select disabled_by from webhook_endpoints where status = 'disabled'"));
        Assert.Equal(["webhook_disabled", "webhook_failing"], await NoticesAsync());
        EndpointRow? row = await stage.Get<ListEndpoints>().FindAsync(stage.Pipeline.Tenant.Id, id, default);
        Assert.Equal((false, "failures"), (row!.Active, row.DisabledBy));

        Task ShiftAsync(string by) => stage.Pipeline.ExecuteAsync(
            $"update webhook_endpoints set failing_since = failing_since - interval '{by}'");
        Task<List<string>> NoticesAsync() => stage.Pipeline.ListAsync<string>(
            "select kind from notifications where kind like 'webhook%' order by kind");
    }

    [Fact]
    public async Task Prune_EventsPastTheirTime_GoWithTheirDeliveries()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.SubscribeAsync(["message.received"]);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.Pipeline.ReceiveAsync(Ana, "tudo bem?");
        await stage.SettleAsync();
        await stage.Pipeline.ExecuteAsync(
            """
            update webhook_deliveries set event_id = id_floor(now() - interval '31 days')
            where event_id = (select id from webhook_events order by id limit 1);
            update webhook_events set id = id_floor(now() - interval '31 days')
            where id = (select id from webhook_events order by id limit 1);
            """);
        await stage.Get<IEnumerable<IJob>>().OfType<PruneWebhooks>().Single().RunAsync(default);
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>("select count(*) from webhook_events"));
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>("select count(*) from webhook_deliveries"));
    }

    private static async Task<TestDelivery> AttemptAsync(WebhookStage stage)
    {
        TestDelivery attempt = Assert.Single(await stage.Pipeline.TakeAsync(Queues.WebhookDelivery));
        await stage.Pipeline.HandleAsync(attempt);
        return attempt;
    }
}
