using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>Numbers, and what did not arrive, as an operator meets them over HTTP.</summary>
public sealed class ChannelEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;
    private ChannelId _channel;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(services: s => s.AddSingleton<IProvider, WindowedSandbox>());
        _tenant = await _host.Rows.TenantAsync();
        _channel = await _host.Rows.ChannelAsync(_tenant);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Channels_StoppedByTheProvider_AreListedWithTheReasonAndHealthIsDegraded()
    {
        await _host.Rows.RunAsync(
            """
            update channels set status = 'stopped', stop_code = '190', stopped_by = 'provider', stopped_at = now(),
                next_probe_at = now() + interval '1 minute', access_token = 'secret-token'
            """);
        ConversationId conversation = await _host.Rows.ConversationAsync(_tenant, _channel);
        await _host.Rows.MessageAsync(_tenant, conversation, "bot", "oi", delivery: "pending");

        (HttpStatusCode status, JsonElement body) = await _host.GetAsync("/api/v1/channels");
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement row = Assert.Single(body.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("stopped", "190", "provider", 1),
            (row.GetProperty("status").GetString(), row.GetProperty("stopCode").GetString(),
                row.GetProperty("stoppedBy").GetString(), row.GetProperty("waiting").GetInt32()));
        Assert.NotEqual(JsonValueKind.Null, row.GetProperty("nextProbeAt").ValueKind);
        Assert.DoesNotContain("secret-token", body.GetRawText(), StringComparison.Ordinal);

        (_, JsonElement health) = await _host.GetAsync("/health");
        JsonElement line = health.GetProperty("dependencies").GetProperty("channels");
        Assert.Equal("degraded", line.GetProperty("status").GetString());
        Assert.Equal("stopped", line.GetProperty("state").GetString());
        Assert.Equal(1, line.GetProperty("figures").GetProperty("stopped").GetInt32());
        Assert.DoesNotContain(_channel.ToString(), health.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ThenResume_ChangesTheChannelAndHandsOutWhatWaits()
    {
        ConversationId conversation = await _host.Rows.ConversationAsync(_tenant, _channel);
        await _host.Rows.MessageAsync(_tenant, conversation, "bot", "oi", delivery: "pending");
        // The queue lost it: nothing looked at it for long.
        await using (NpgsqlCommand age = _host.Database.Owner.CreateCommand(
            "update deliveries set updated_at = now() - interval '3 minutes'"))
        {
            await age.ExecuteNonQueryAsync();
        }

        (_, JsonElement stopped) = await _host.PostAsync($"/api/v1/channels/{_channel}/stop");
        Assert.Equal("stopped", stopped.GetProperty("status").GetString());
        Assert.Equal("operator", stopped.GetProperty("stoppedBy").GetString());
        Assert.Equal(JsonValueKind.Null, stopped.GetProperty("nextProbeAt").ValueKind);
        Assert.Equal(0, await QueuedAsync());

        (HttpStatusCode status, JsonElement resumed) = await _host.PostAsync($"/api/v1/channels/{_channel}/resume");
        Assert.Equal((HttpStatusCode.OK, "active"), (status, resumed.GetProperty("status").GetString()));
        Assert.Equal(JsonValueKind.Null, resumed.GetProperty("stopCode").ValueKind);
        Assert.Equal(1, await QueuedAsync());
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("resume")]
    public async Task Steer_ChannelOfAnotherTenant_IsNotFound(string action)
    {
        TenantId other = await _host.Rows.TenantAsync("Outra");
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(
            $"/api/v1/channels/{_channel}/{action}", tenant: other);
        Assert.Equal((HttpStatusCode.NotFound, "channel_not_found"), (status, body.GetProperty("code").GetString()));
        (_, JsonElement own) = await _host.SendAsync(HttpMethod.Get, $"/api/v1/channels/{_channel}", _tenant);
        Assert.Equal("active", own.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Reply_OutsideTheWindow_IsRefusedWithAReason_AndTheConversationSaysUntilWhen()
    {
        ConversationId conversation = await _host.Rows.ConversationAsync(_tenant, _channel);
        await _host.Rows.RunAsync(
            "update conversations set status = 'human', epoch = 1, last_inbound_at = now() - interval '25 hours'");
        (_, JsonElement before) = await _host.GetAsync($"/api/v1/conversations/{conversation}");
        Assert.True(before.GetProperty("windowEndsAt").GetDateTimeOffset() < TimeProvider.System.GetUtcNow());

        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(
            $"/api/v1/conversations/{conversation}/replies", new { text = "Posso ligar?" });
        Assert.Equal((HttpStatusCode.Conflict, "outside_window"), (status, body.GetProperty("code").GetString()));
        Assert.Contains("template", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (_, JsonElement log) = await _host.GetAsync($"/api/v1/conversations/{conversation}/messages");
        JsonElement line = Assert.Single(log.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ("failed", "window_closed"),
            (line.GetProperty("delivery").GetString(), line.GetProperty("deliveryReason").GetString()));
        Assert.Contains("24 horas", line.GetProperty("deliveryNote").GetString(), StringComparison.Ordinal);

        await _host.Rows.RunAsync("update conversations set last_inbound_at = now() - interval '23 hours'");
        (status, _) = await _host.PostAsync(
            $"/api/v1/conversations/{conversation}/replies", new { text = "Posso ligar?" });
        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Fact]
    public async Task Deliveries_Failed_AreListedInPagesWithTheirReasonInWords()
    {
        ConversationId conversation = await _host.Rows.ConversationAsync(_tenant, _channel);
        foreach (string state in new[] { "failed", "sent", "unknown", "failed", "cancelled" })
            await _host.Rows.MessageAsync(_tenant, conversation, "bot", "oi", delivery: state);
        await _host.Rows.RunAsync("update deliveries set reason = 'provider:131026' where state = 'failed'");

        (_, JsonElement first) = await _host.GetAsync("/api/v1/deliveries?limit=1");
        JsonElement row = Assert.Single(first.GetProperty("items").EnumerateArray());
        Assert.Equal("provider:131026", row.GetProperty("reason").GetString());
        Assert.Contains("WhatsApp", row.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("Ana Lima", row.GetProperty("contactName").GetString());
        (_, JsonElement second) = await _host.GetAsync(
            $"/api/v1/deliveries?limit=1&after={first.GetProperty("next").GetString()}");
        Assert.Single(second.GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);

        (_, JsonElement both) = await _host.GetAsync($"/api/v1/deliveries?state=failed,unknown&channel={_channel}");
        Assert.Equal(
            ["failed", "unknown", "failed"],
            both.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("state").GetString()));
        (HttpStatusCode status, _) = await _host.GetAsync("/api/v1/deliveries?state=sent");
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private async Task<long> QueuedAsync()
    {
        await using Npgsql.NpgsqlCommand command = _host.Database.Owner.CreateCommand(
            "select count(*) from queue_messages where queue = 'message-delivery'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The sandbox, with a window.</summary>
    private sealed class WindowedSandbox : IProvider
    {
        public string Kind => "sandbox";

        public bool HasServiceWindow => true;

        public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) => true;

        public WebhookContent Read(
            Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => new([]);

        public Task<SendOutcome> SendAsync(
            Channel channel, OutboundMessage message, CancellationToken cancellationToken) =>
            Task.FromResult<SendOutcome>(new SendOutcome.Sent("x"));

        public Task MarkReadAsync(
            Channel channel, string providerMessageId, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
