using Vellarys.Tests.Conversations;
using Vellarys.Webhooks.Endpoints;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>What is told again, of how much.</summary>
public sealed class ReplayEventsTests
{
    [Fact]
    public async Task Replay_OfOneAmongThousands_FindsItByItsKeyInOneCall()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        (Guid id, _) = await stage.SubscribeAsync(["message.received"]);
        await FillAsync(stage, id, 12_000);
        await stage.Pipeline.ExecuteAsync(
            """
            update webhook_deliveries set state = 'dead', attempts = 10
            where event_id = (select id from webhook_events order by id offset 7000 limit 1)
            """);
        var done = Assert.IsType<ReplayOutcome.Done>(await ReplayAsync(stage, id, null));
        Assert.Equal((1, null), (done.Queued, done.Next));
        WebhookDeliveryRow row = Assert.Single(await stage.Get<ListWebhookDeliveries>().RunAsync(
            stage.Pipeline.Tenant.Id, id, ["pending", "waiting", "dead"], null, 50, default));
        Assert.Equal(("pending", 1), (row.State, row.Replays));
    }

    // They happened within one instant, and the endpoint came after all of them.
    [Fact]
    public async Task Replay_OfMoreThanAPortion_GoesOnBehindTheLastOfIt()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        (Guid before, _) = await stage.SubscribeAsync(["message.received"]);
        await FillAsync(stage, before, 2_300);
        (Guid id, _) = await stage.SubscribeAsync(["message.received"]);
        await stage.Pipeline.ExecuteAsync("update webhook_endpoints set hears_since = now() + interval '1 minute'");
        List<long> portions = [];
        Guid? after = null;
        do
        {
            var done = Assert.IsType<ReplayOutcome.Done>(await ReplayAsync(stage, id, after));
            portions.Add(done.Queued);
            after = done.Next;
        }
        while (after is not null);

        Assert.Equal([1_000, 1_000, 300], portions);
        Assert.Equal(2_300, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from webhook_deliveries where endpoint_id = @id", new { id }));
    }

    [Fact]
    public async Task Deliveries_PageByPage_AreEachThereOnceTheYoungestFirst()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        (Guid id, _) = await stage.SubscribeAsync(["message.received"]);
        await FillAsync(stage, id, 130);
        await stage.Pipeline.ExecuteAsync(
            "update webhook_deliveries set state = case when attempts % 2 = 0 then 'dead' else 'held' end");
        List<Guid> seen = [];
        IReadOnlyList<WebhookDeliveryRow> page;
        do
        {
            page = await stage.Get<ListWebhookDeliveries>().RunAsync(
                stage.Pipeline.Tenant.Id, id, null, seen.Count == 0 ? null : seen[^1], 50, default);
            seen.AddRange(page.Select(r => r.EventId));
        }
        while (page.Count == 50);

        Assert.Equal(
            await stage.Pipeline.ListAsync<Guid>("select id from webhook_events order by id desc"), seen);
    }

    private static Task<ReplayOutcome> ReplayAsync(WebhookStage stage, Guid endpoint, Guid? after) =>
        stage.Get<ReplayEvents>().RunAsync(
            stage.Pipeline.Tenant.Id, endpoint, null, TimeProvider.System.GetUtcNow().AddDays(-1), after, false,
            default);

    private static Task FillAsync(WebhookStage stage, Guid endpoint, int events) => stage.Pipeline.ExecuteAsync(
        """
        insert into webhook_events (tenant_id, id, kind, sequence, facts)
        select @tenant, new_id(), 'message.received', n, '{}' from generate_series(1, @events) as n;
        insert into webhook_deliveries (tenant_id, endpoint_id, event_id, state, attempts)
        select @tenant, @endpoint, e.id, 'delivered', e.sequence from webhook_events e;
        update webhook_endpoints set hears_since = now() - interval '1 day' where id = @endpoint;
        """,
        new { tenant = stage.Pipeline.Tenant.Id.Value, endpoint, events });
}
