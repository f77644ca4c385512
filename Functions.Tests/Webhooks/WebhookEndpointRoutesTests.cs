using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Tests.Api;
using Vellarys.Tests.Secrets;
using Vellarys.Webhooks;
using Xunit;

namespace Vellarys.Tests.Webhooks;

public sealed class WebhookEndpointRoutesTests
{
    private const string Path = "/api/v1/webhook-endpoints";

    [Fact]
    public async Task Endpoint_FromItsCreationToItsEnd_IsTheTenantsAloneAndShowsItsSecretOnce()
    {
        await using ApiHost host = await StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        TenantId stranger = await host.Rows.TenantAsync("Outra");
        (HttpStatusCode status, JsonElement made) = await host.PostAsync(Path, Body(receiver.Url), tenant);
        Assert.Equal(HttpStatusCode.Created, status);
        string secret = made.GetProperty("secret").GetString()!;
        string one = $"{Path}/{made.GetProperty("endpoint").GetProperty("id").GetGuid()}";

        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync(one, stranger)).Status);
        Assert.Equal(0, (await host.GetAsync(Path, stranger)).Body.GetProperty("items").GetArrayLength());
        foreach (string act in (string[])["test", "secrets", "replay"])
        {
            (HttpStatusCode refused, _) = await host.PostAsync(
                $"{one}/{act}", act == "replay" ? new { since = "2026-01-01T00:00:00Z" } : new { }, stranger);
            Assert.Equal(HttpStatusCode.NotFound, refused);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync($"{one}/deliveries", stranger)).Status);
        JsonElement read = (await host.GetAsync(one, tenant)).Body;
        Assert.DoesNotContain("secret\"", read.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(secret, (await host.GetAsync(Path, tenant)).Body.ToString(), StringComparison.Ordinal);

        (status, JsonElement changed) = await host.SendAsync(
            HttpMethod.Put, one, tenant, JsonContent.Create(Body(receiver.Url, active: false)));
        Assert.Equal((HttpStatusCode.OK, false, "staff"),
            (status, changed.GetProperty("active").GetBoolean(), changed.GetProperty("disabledBy").GetString()));
        (status, JsonElement problem) = await host.PostAsync($"{one}/replay", new { since = "2026-01-01T00:00:00Z" },
            tenant);
        Assert.Equal((HttpStatusCode.Conflict, "webhook_disabled"),
            (status, problem.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, one, tenant)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync(one, tenant)).Status);
    }

    [Fact]
    public async Task Test_OfAnEndpoint_CallsItAndSaysWhatCameOfIt()
    {
        await using ApiHost host = await StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        JsonElement made = (await host.PostAsync(Path, Body(receiver.Url), tenant)).Body;
        string one = $"{Path}/{made.GetProperty("endpoint").GetProperty("id").GetGuid()}";

        JsonElement taken = (await host.PostAsync($"{one}/test", tenant: tenant)).Body;
        Assert.Equal((true, 204), (taken.GetProperty("taken").GetBoolean(), taken.GetProperty("status").GetInt32()));
        Assert.True(taken.GetProperty("durationMs").GetInt32() >= 0);
        Call ping = Assert.Single(receiver.Calls);
        Assert.Equal("ping", ping.Type);
        Assert.True(ping.IsSignedWith(made.GetProperty("secret").GetString()!));

        receiver.Answer = _ => Task.FromResult(500);
        JsonElement failed = (await host.PostAsync($"{one}/test", tenant: tenant)).Body;
        Assert.Equal((false, "status_500"),
            (failed.GetProperty("taken").GetBoolean(), failed.GetProperty("reason").GetString()));
        Assert.Equal(0, (await host.GetAsync($"{one}/deliveries", tenant)).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Secret_Rotated_SignsBesideTheOldOneUntilTheOverlapIsOver()
    {
        await using ApiHost host = await StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        JsonElement made = (await host.PostAsync(Path, Body(receiver.Url), tenant)).Body;
        string one = $"{Path}/{made.GetProperty("endpoint").GetProperty("id").GetGuid()}";
        string first = made.GetProperty("secret").GetString()!;

        JsonElement rotated = (await host.PostAsync($"{one}/secrets", new { }, tenant)).Body;
        string second = rotated.GetProperty("secret").GetString()!;
        await host.PostAsync($"{one}/test", tenant: tenant);
        Assert.True(receiver.Calls.Last().IsSignedWith(first) && receiver.Calls.Last().IsSignedWith(second));
        (HttpStatusCode status, JsonElement problem) = await host.PostAsync($"{one}/secrets", new { }, tenant);
        Assert.Equal((HttpStatusCode.Conflict, "rotation_under_way"),
            (status, problem.GetProperty("code").GetString()));

        // One that leaked is void at once.
        string third = (await host.PostAsync($"{one}/secrets", new { overlapHours = 0, force = true }, tenant))
            .Body.GetProperty("secret").GetString()!;
        await host.PostAsync($"{one}/test", tenant: tenant);
        Assert.True(receiver.Calls.Last().IsSignedWith(third));
        Assert.False(receiver.Calls.Last().IsSignedWith(first) || receiver.Calls.Last().IsSignedWith(second));
    }

    [Fact]
    public async Task Create_WhatWillNotDo_IsRefusedByItsField()
    {
        await using ApiHost host = await StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        (string Body, string Field)[] cases =
        [
            ("""{"url":"http://example.com","events":["message.sent"]}""", "url"),
            ("""{"url":"https://example.com","events":[]}""", "events"),
            ("""{"url":"https://example.com","events":["message.read"]}""", "events"),
            ("""{"url":"https://example.com","events":["ping"]}""", "events"),
            ("""{"url":"https://example.com","events":["message.sent"],"secret":"x"}""", "secret"),
        ];
        foreach ((string body, string field) in cases)
        {
            (HttpStatusCode status, JsonElement problem) = await host.SendAsync(
                HttpMethod.Post, Path, tenant, new StringContent(body, null, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task Deliveries_AndReplay_ShowAndRepeatWhatWasTold()
    {
        await using ApiHost host = await StartAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        JsonElement made = (await host.PostAsync(Path, Body(receiver.Url), tenant)).Body;
        string one = $"{Path}/{made.GetProperty("endpoint").GetProperty("id").GetGuid()}";
        ChannelId channel = await host.Rows.ChannelAsync(tenant);
        await host.Rows.ConversationAsync(tenant, channel);

        Guid happened = await host.Rows.ScalarAsync<Guid>("select id from webhook_events");
        await host.Services.GetRequiredService<FanOutEvent>().RunAsync(tenant, happened, default);
        JsonElement page = (await host.GetAsync($"{one}/deliveries?state=pending", tenant)).Body;
        JsonElement told = page.GetProperty("items").EnumerateArray().Single();
        Assert.Equal("conversation.opened", told.GetProperty("type").GetString());
        Assert.Equal(1, (await host.GetAsync(one, tenant)).Body.GetProperty("pending").GetInt64());
        Assert.Equal(HttpStatusCode.BadRequest, (await host.GetAsync($"{one}/deliveries?state=lost", tenant)).Status);

        (HttpStatusCode status, JsonElement unknown) = await host.PostAsync(
            $"{one}/replay", new { eventId = Ids.New(TimeProvider.System) }, tenant);
        Assert.Equal((HttpStatusCode.NotFound, "webhook_event_not_found"),
            (status, unknown.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync($"{one}/replay", new { }, tenant)).Status);
        await using (var dead = host.Database.Owner.CreateCommand("update webhook_deliveries set state = 'dead'"))
            await dead.ExecuteNonQueryAsync();
        (status, JsonElement replayed) = await host.PostAsync(
            $"{one}/replay", new { since = TimeProvider.System.GetUtcNow().AddDays(-1) }, tenant);
        Assert.Equal((HttpStatusCode.Accepted, 1), (status, replayed.GetProperty("queued").GetInt64()));
    }

    [Fact]
    public async Task Secret_WithoutAMasterKey_IsNotMade()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Webhooks:AllowLocal"] = "true" });
        (HttpStatusCode status, JsonElement problem) = await host.PostAsync(
            Path, Body("http://localhost:9/"), await host.Rows.TenantAsync());
        Assert.Equal((HttpStatusCode.Conflict, "no_master_key"),
            (status, problem.GetProperty("code").GetString()));
    }

    private static Task<ApiHost> StartAsync() =>
        ApiHost.StartAsync(new(Rings.Settings("k1")) { ["Webhooks:AllowLocal"] = "true" });

    private static object Body(string url, bool active = true) =>
        new { url, events = new[] { "message.sent", "conversation.opened" }, active };
}
