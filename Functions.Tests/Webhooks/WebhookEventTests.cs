using System.Text.Json;
using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Conversations;
using Vellarys.Messaging;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Support;
using Vellarys.Webhooks.Endpoints;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>What happens in the life of a message, as a company's server hears of it.</summary>
public sealed class WebhookEventTests
{
    private const string Ana = "5511987650001";

    [Fact]
    public async Task Life_OfAConversation_IsToldSignedAndInItsSequence()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        (_, string secret) = await stage.SubscribeAsync();
        stage.Pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain("Vou chamar uma pessoa.", HandoffReason.HotLead, Qualification.Hot));
        await stage.Pipeline.ReceiveAsync(Ana, "quero fechar agora");
        await stage.SettleAsync();
        ConversationId conversation = await stage.Pipeline.ConversationAsync();
        await stage.Pipeline.TakeOver.RunAsync(stage.Pipeline.Tenant.Id, conversation, null, default);
        await stage.Pipeline.Close.RunAsync(stage.Pipeline.Tenant.Id, conversation, default);
        await stage.SettleAsync();

        Call[] calls = [.. stage.Receiver.Calls.OrderBy(c => c.Json.GetProperty("sequence").GetInt64())];
        Assert.Equal(
            [
                "conversation.closed", "conversation.opened", "handoff.accepted", "handoff.requested",
                "lead.qualified", "message.received", "message.sent",
            ],
            calls.Select(c => c.Type).Order(StringComparer.Ordinal));
        Assert.Equal(("conversation.opened", "message.received"), (calls[0].Type, calls[1].Type));
        Assert.Equal("conversation.closed", calls[^1].Type);
        Assert.All(calls, c =>
        {
            Assert.True(c.IsSignedWith(secret));
            Assert.Equal(c.Id, c.Json.GetProperty("id").GetString());
            Assert.Equal(conversation.Value, c.Data.GetProperty("conversationId").GetGuid());
            // Neither what was written nor who wrote it, unless the endpoint asks for it.
            Assert.DoesNotContain("quero fechar", c.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("vou chamar", c.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Ana, c.Body, StringComparison.Ordinal);
        });
        Assert.Distinct(calls.Select(c => c.Id));
        Assert.Equal("hot_lead", Text("handoff.requested", "reason"));
        Assert.Equal("hot", Text("lead.qualified", "qualification"));

        string? Text(string type, string name) =>
            calls.Single(c => c.Type == type).Data.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Send_ThatItsProviderRefuses_IsToldAsFailed()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.SubscribeAsync(["message.failed", "message.sent"]);
        stage.Pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused("bad_number"));
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.SettleAsync();

        Call call = Assert.Single(stage.Receiver.Calls);
        Assert.Equal("message.failed", call.Type);
        Assert.Contains("bad_number", call.Data.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_AskedFor_AreThoseThatStandWhenTheCallIsMade()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.SubscribeAsync(["message.received"], text: true, contact: true);
        await stage.Pipeline.ReceiveAsync(Ana, "meu CPF e a receita", id: "wamid.gone");
        await stage.Pipeline.ReceiveAsync(Ana, "bom dia", id: "wamid.stays");
        await stage.Pipeline.ExecuteAsync(
            "update messages set withdrawn_at = now(), body = '' where external_id = 'wamid.gone'");
        await stage.SettleAsync();

        Call gone = stage.Receiver.Calls.Single(
            c => c.Data.GetProperty("providerMessageId").GetString() == "wamid.gone");
        Call stays = stage.Receiver.Calls.Single(
            c => c.Data.GetProperty("providerMessageId").GetString() == "wamid.stays");
        Assert.Equal(JsonValueKind.Null, gone.Data.GetProperty("text").ValueKind);
        Assert.Equal("bom dia", stays.Data.GetProperty("text").GetString());
        Assert.Equal(Ana, stays.Data.GetProperty("contact").GetProperty("phone").GetString());
        // What was written lies in messages, and in no second place that an erasure would have to know.
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from webhook_events e where e::text like '%bom dia%' or e::text like '%551198765%'"));
    }

    // What happens pays for one row and one message, however many hear of it; and however often those are handed out,
    // each hears of it once, under one id.
    [Fact]
    public async Task Event_ForThreeEndpoints_IsOneRowAndOneMessageUntilTheQueueMakesTheirDeliveries()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        for (int i = 0; i < 3; i++) await stage.SubscribeAsync(["message.received"]);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        Assert.Equal((1, 0), (await CountAsync("webhook_events"), await CountAsync("webhook_deliveries")));
        TestDelivery due = Assert.Single(await stage.Pipeline.TakeAsync(Queues.WebhookDelivery));
        await Task.WhenAll(stage.Pipeline.HandleAsync(due), stage.Pipeline.HandleAsync(new(due.Message)));
        await stage.SettleAsync();
        await stage.Pipeline.HandleAsync(new(due.Message));
        Assert.Equal(0, await stage.Pipeline.RunAsync(Queues.WebhookDelivery));

        Assert.Equal((1, 3), (await CountAsync("webhook_events"), await CountAsync("webhook_deliveries")));
        Assert.Equal(3, stage.Receiver.Calls.Count);
        Assert.Single(stage.Receiver.Calls.Select(c => c.Id).Distinct());

        Task<long> CountAsync(string table) => stage.Pipeline.ScalarAsync<long>($"select count(*) from {table}");
    }

    // Replies are told by statements over sets: each once, and no receipt of the customer's is one more.
    [Fact]
    public async Task Sends_OfSeveralTenantsInOneStatement_AreToldEachToTheirOwn()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.SubscribeAsync(["message.sent"]);
        foreach (string from in (string[])[Ana, "5511987650002", "5511987650003"])
            await stage.Pipeline.ReceiveAsync(from, "oi");
        await stage.SettleAsync();
        Assert.Equal(3, stage.Receiver.Calls.Count);
        await stage.Pipeline.ExecuteAsync("update deliveries set receipt = 'read'");
        await stage.Pipeline.ExecuteAsync("update deliveries set state = 'failed', reason = 'late'");
        await stage.Pipeline.ExecuteAsync("update deliveries set state = 'sent', reason = null");
        await stage.SettleAsync();
        Assert.Equal(6, stage.Receiver.Calls.Count);
        Assert.Equal(6, stage.Receiver.Calls.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public async Task Tenant_WithoutEndpoints_WritesNothingMore()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.SettleAsync();
        Assert.Single(stage.Pipeline.Provider.Sends);
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>(
            """
            select (select count(*) from webhook_events) + (select count(*) from webhook_deliveries)
                + (select count(*) from queue_messages where queue = 'webhook-delivery')
            """));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_WithAnEndpointOrWithout_IsRecordedInOneRoundTrip(bool subscribed)
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        if (subscribed) await stage.SubscribeAsync();
        using var trips = new RoundTrips(stage.Pipeline.Database);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        trips.Take();
        await stage.Pipeline.ReceiveAsync(Ana, "tudo bem?");
        Assert.Equal(1, trips.Take());
    }

    [Fact]
    public async Task Cause_RolledBack_IsToldToNobody()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        await stage.SubscribeAsync();
        TestDelivery message = Pipeline.Envelope(stage.Pipeline.Message(Ana, "oi"));
        stage.Pipeline.CrashPoints.At = "record:before-commit";
        await Assert.ThrowsAnyAsync<Exception>(() => stage.Pipeline.HandleAsync(message));
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>("select count(*) from webhook_events"));

        stage.Pipeline.CrashPoints.At = null;
        await stage.Pipeline.HandleAsync(message);
        await stage.Pipeline.HandleAsync(message);
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from webhook_events where kind = 'message.received'"));
    }

    [Fact]
    public async Task Endpoint_Disabled_HoldsItsEventsForAReplay()
    {
        await using WebhookStage stage = await WebhookStage.OpenAsync();
        (Guid id, _) = await stage.SubscribeAsync(["message.received"]);
        var input = new EndpointInput(stage.Receiver.Url, null, ["message.received"], null, null, false);
        await stage.Get<ReplaceEndpoint>().RunAsync(stage.Pipeline.Tenant.Id, id, input, default);
        await stage.Pipeline.ReceiveAsync(Ana, "oi");
        await stage.SettleAsync();
        Assert.Empty(stage.Receiver.Calls);
        Assert.Equal("held", await stage.Pipeline.ScalarAsync<string>("select state from webhook_deliveries"));

        await stage.Get<ReplaceEndpoint>().RunAsync(
            stage.Pipeline.Tenant.Id, id, input with { Active = true }, default);
        var replayed = Assert.IsType<ReplayOutcome.Done>(await stage.Get<ReplayEvents>().RunAsync(
            stage.Pipeline.Tenant.Id, id, null, DateTimeOffset.UnixEpoch, null, false, default));
        Assert.Equal((1, null), (replayed.Queued, replayed.Next));
        await stage.SettleAsync();
        Assert.Single(stage.Receiver.Taken);
    }
}
