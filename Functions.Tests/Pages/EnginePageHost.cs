using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Http;
using Vellarys.Messaging;
using Vellarys.Realtime;
using Vellarys.Storage;
using Vellarys.Tests.Api;
using Vellarys.Tests.Conversations;

namespace Vellarys.Tests.Pages;

/// <summary>
/// The engine composed in the test: the real queue and use cases, an assistant that echoes, and calls a person when
/// asked for one.
/// </summary>
internal sealed class EnginePageHost(ApiHost host) : IPageHost
{
    public Uri Address => host.Address;

    /// <param name="settings">Configuration, e.g. <c>Realtime:MaxDuration</c>.</param>
    public static async Task<EnginePageHost> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var directory = new SandboxDirectory();
        var assistant = new ScriptedAssistant
        {
            Answer = turn => Task.FromResult(ScriptedAssistant.Plain(
                $"Olá, {turn.ContactName}! Recebi: {turn.History[^1].Text}",
                turn.History[^1].Text.Contains("pessoa", StringComparison.Ordinal)
                    ? HandoffReason.CustomerAsked : null,
                Qualification.Warm)),
        };
        ApiHost host = await ApiHost.StartAsync(
            settings,
            services: services =>
            {
                services.AddSingleton<IChannelDirectory>(directory);
                services.AddSingleton<IAssistant>(assistant);
                services.AddSingleton<IProvider, FakeSandbox>();
                services.AddSingleton(s => StorageSetup.Listening(s.GetRequiredService<StorageOptions>()));
                services.AddQueueConsumers();
            },
            map: app => app.MapPost("/api/v1/webhooks/{channel:guid}", FakeSandbox.ReceiveAsync)
                .WithMetadata(new OpenToAll()));
        TenantId tenant = await host.Rows.TenantAsync();
        directory.Channel = new Channel(
            tenant, await host.Rows.ChannelAsync(tenant), "sandbox", "demo", "", ["sandbox-token"], "", true);
        return new EnginePageHost(host);
    }

    public Task DropWatchersAsync()
    {
        var hub = host.Services.GetRequiredService<RealtimeHub>();
        hub.DropAll();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private sealed class SandboxDirectory : IChannelDirectory
    {
        public Channel? Channel { get; set; }

        public ValueTask<Channel?> FindAsync(ChannelId id, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Channel?.Id == id ? Channel : null);

        public ValueTask<Channel?> FindAsync(string kind, string address, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Channel?>(null);

        public void Invalidate()
        {
        }
    }
}
