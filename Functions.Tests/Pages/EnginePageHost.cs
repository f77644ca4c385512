using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Api.Http;
using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Operations;
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
                services.AddSingleton<IChannel, FakeSandbox>();
                services.AddSingleton(s => StorageSetup.Listening(s.GetRequiredService<StorageOptions>()));
                services.AddQueueConsumers();
            },
            map: app => app.MapPost("/api/v1/webhooks/{channel:guid}", FakeSandbox.ReceiveAsync)
                .WithMetadata(new OpenToAll()));
        TenantId tenant = await host.Rows.TenantAsync();
        directory.Account = new ChannelAccount(
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
        public ChannelAccount? Account { get; set; }

        public ValueTask<ChannelAccount?> FindAsync(ChannelId id, CancellationToken cancellationToken) =>
            ValueTask.FromResult(Account?.Id == id ? Account : null);

        public ValueTask<ChannelAccount?> FindAsync(string kind, string address, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ChannelAccount?>(null);

        public void Invalidate()
        {
        }
    }
}
