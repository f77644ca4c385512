using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vellarys.Health;
using Vellarys.Realtime;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Realtime;

public sealed class RealtimeStreamTests
{
    [Theory]
    [InlineData(null, 60)]
    [InlineData(200, 60)]
    [InlineData(20, 20)]
    public void Stream_OfSomebodyWhoSignedIn_EndsWithinAMinute(int? longest, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds),
        new RealtimeOptions { MaxDuration = longest is { } l ? TimeSpan.FromSeconds(l) : null }
            .ForTokens().MaxDuration);

    [Fact]
    public async Task Events_Published_ArriveForTheirTenantOnly()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        TenantId mine = await host.Rows.TenantAsync();
        TenantId theirs = await host.Rows.TenantAsync("Outra");
        await using EventReader events = await EventReader.OpenAsync(host.Client, mine);
        var conversation = new ConversationId(Ids.New(TimeProvider.System));
        IRealtime realtime = host.Services.GetRequiredService<IRealtime>();

        Assert.Equal("ready", (await events.NextAsync()).Kind);
        realtime.Publish(new RealtimeEvent(theirs, new(Ids.New(TimeProvider.System)), "message"));
        realtime.Publish(new RealtimeEvent(mine, conversation, "charge"));
        (string kind, string id, string json) = await events.NextAsync();

        Assert.Equal("charge", kind);
        Assert.Equal("2", id);
        Assert.Equal(conversation.Value, JsonElement.Parse(json).GetProperty("conversationId").GetGuid());
        Assert.Contains("retry: 2000", events.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_TakeOverThroughTheApi_IsAnnounced()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        ConversationId id = await host.Rows.ConversationAsync(tenant, await host.Rows.ChannelAsync(tenant));
        await using EventReader events = await EventReader.OpenAsync(host.Client, tenant);
        await events.NextAsync();

        await host.PostAsync($"/api/v1/conversations/{id}/takeover");

        Assert.Equal("charge", (await events.NextAsync()).Kind);
    }

    [Fact]
    public async Task Events_AfterReconnect_StartReadyAndGoOn()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        var hub = host.Services.GetRequiredService<RealtimeHub>();
        await using (EventReader first = await EventReader.OpenAsync(host.Client, tenant)) await first.NextAsync();
        while (hub.Count > 0) await Task.Yield();

        await using EventReader second = await EventReader.OpenAsync(host.Client, tenant);
        Assert.Equal("ready", (await second.NextAsync()).Kind);
        hub.Publish(new RealtimeEvent(tenant, new(Ids.New(TimeProvider.System)), "delivery"));

        Assert.Equal("delivery", (await second.NextAsync()).Kind);
    }

    [Fact]
    public async Task Events_Quiet_CarryAHeartbeat()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Realtime:Heartbeat"] = "00:00:00.02" });
        TenantId tenant = await host.Rows.TenantAsync();
        await using EventReader events = await EventReader.OpenAsync(host.Client, tenant);

        while (!events.Seen.Contains(": still here", StringComparison.Ordinal)) await events.LineAsync();
    }

    [Fact]
    public async Task Events_LongestDurationOver_EndInOrderAndFreeTheirPlace()
    {
        await using ApiHost host = await ApiHost.StartAsync(new()
        {
            ["Realtime:MaxDuration"] = "00:00:00.3", ["Realtime:MaxStreams"] = "1",
        });
        TenantId tenant = await host.Rows.TenantAsync();
        await using EventReader first = await EventReader.OpenAsync(host.Client, tenant);
        Assert.Equal("ready", (await first.NextAsync()).Kind);

        while (await first.LineAsync() is not null)
        {
        }

        Assert.EndsWith("retry: 100\n: time is over, come again\n\n\n", first.Seen, StringComparison.Ordinal);
        while (host.Services.GetRequiredService<RealtimeHub>().Count > 0) await Task.Yield();
        await using EventReader second = await EventReader.OpenAsync(host.Client, tenant);
        Assert.Equal("ready", (await second.NextAsync()).Kind);
    }

    [Theory]
    [InlineData("Realtime:MaxDuration", "00:00:00")]
    [InlineData("Realtime:Heartbeat", "00:00:00")]
    [InlineData("Realtime:MaxStreams", "-1")]
    [InlineData("Realtime:MaxStreamsPerTenant", "-1")]
    public void Options_OutOfRange_AreRefusedByName(string key, string value)
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        var refused = Assert.Throws<OptionsValidationException>(
            () => new ServiceCollection().AddOperations(settings));
        Assert.Contains(key, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_TooManyStreams_AreToldToComeBack()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Realtime:MaxStreams"] = "1" });
        TenantId tenant = await host.Rows.TenantAsync();
        await using EventReader first = await EventReader.OpenAsync(host.Client, tenant);

        using HttpResponseMessage second = await host.Client.GetAsync(
            "/api/v1/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Fact]
    public async Task Events_OneTenantHasItsShare_IsToldToComeBack_AndAnotherIsServed()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Realtime:MaxStreamsPerTenant"] = "1" });
        TenantId noisy = await host.Rows.TenantAsync(), other = await host.Rows.TenantAsync("B");
        await using EventReader first = await EventReader.OpenAsync(host.Client, noisy);

        using HttpResponseMessage second = await host.Client.GetAsync(
            $"/api/v1/events?tenant={noisy}", HttpCompletionOption.ResponseHeadersRead);
        await using EventReader theirs = await EventReader.OpenAsync(host.Client, other);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Contains("too_many_streams_of_tenant", await second.Content.ReadAsStringAsync());
        Assert.Equal("ready", (await theirs.NextAsync()).Kind);
    }

    [Fact]
    public async Task Events_HostStops_StreamEnds()
    {
        ApiHost host = await ApiHost.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        await using EventReader events = await EventReader.OpenAsync(host.Client, tenant);
        await events.NextAsync();

        Task stopped = host.StopAsync();

        Assert.Null(await events.LineAsync());
        await stopped;
        await host.DisposeAsync();
    }
}
