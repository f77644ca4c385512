using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Channels.Sandbox;
using Vellarys.Intake;
using Vellarys.Intake.Unrouted;
using Vellarys.Messaging;

namespace Vellarys.Tests.Intake;

/// <summary>The intake as a host runs it, on real Kestrel, with a queue and a directory in memory.</summary>
internal sealed class AcceptWebhookHost
    : IAsyncDisposable, IMessageQueue, IUnroutedEvents, IChannelDirectory, ILoggerProvider, ILogger
{
    public const string AppSecret = "app-secret";
    public const string OwnSecret = "own-secret";

    private WebApplication _app = null!;

    /// <summary>Served by the installation's app; number 1122334455667.</summary>
    public Channel Shared { get; } = Account("meta-cloud", "1122334455667", [], "");

    /// <summary>Served by the installation's app; number 9988776655443.</summary>
    public Channel Second { get; } = Account("meta-cloud", "9988776655443", [], "");

    /// <summary>A tenant with a Meta app of its own.</summary>
    public Channel Own { get; } = Account("meta-cloud", "106540352242922", [OwnSecret, "older"], "own-verify");

    public Channel Sandbox { get; } = Account("sandbox", "demo", ["page-token"], "");

    public ConcurrentQueue<QueueMessage> Queued { get; } = new();

    public ConcurrentQueue<UnroutedEvent> Unrouted { get; } = new();

    public ConcurrentQueue<string> Logged { get; } = new();

    public bool IsQueueDown { get; set; }

    public bool IsUnroutedFull { get; set; }

    public bool IsDirectoryDown { get; set; }

    public HttpClient Http { get; } = new();

    public Uri Url => new(_app.Urls.Single());

    public IReadOnlyList<InboundEvent> Events =>
        [.. Queued.Select(m => JsonSerializer.Deserialize(m.Body, InboundEventJson.Default.InboundEvent)!)];

    public IServiceProvider Services => _app.Services;

    /// <param name="more">What the test replaces or adds.</param>
    public static async Task<AcceptWebhookHost> StartAsync(Action<IServiceCollection>? more = null)
    {
        var host = new AcceptWebhookHost();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(host);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(
            new MetaCloudOptions { AppSecrets = [AppSecret, "next"], VerifyToken = "app-verify" });
        builder.Services.AddSingleton<IProvider, MetaCloudProvider>();
        builder.Services.AddSingleton<IProvider, SandboxProvider>();
        builder.Services.AddSingleton<IChannelDirectory>(host);
        builder.Services.AddSingleton<IMessageQueue>(host);
        builder.Services.AddSingleton<IUnroutedEvents>(host);
        more?.Invoke(builder.Services);
        builder.Services.AddWebhooks();
        host._app = builder.Build();
        host._app.MapWebhooks();
        await host._app.StartAsync();
        host.Http.BaseAddress = host.Url;
        return host;
    }

    public static string Sign(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    /// <summary>Posts a signed body.</summary>
    public Task<HttpResponseMessage> PostAsync(
        byte[] body, string path = "/api/v1/webhooks/meta-cloud", string secret = AppSecret,
        string? type = "application/json") =>
        PostWithAsync(body, path, "X-Hub-Signature-256", Sign(body, secret), type);

    /// <summary>Posts a body with this one header; without it where the value is null.</summary>
    public async Task<HttpResponseMessage> PostWithAsync(
        byte[] body, string path, string header, string? value, string? type = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (value is not null) request.Headers.TryAddWithoutValidation(header, value);
        return await Http.SendAsync(request);
    }

    Task IMessageQueue.SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        if (IsQueueDown)
            throw new TransientFault("queue_unavailable", "away") { RetryAfter = TimeSpan.FromSeconds(7.2) };
        foreach (QueueMessage message in messages) Queued.Enqueue(message);
        return Task.CompletedTask;
    }

    Task<UnroutedOutcome> IUnroutedEvents.KeepAsync(
        IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken)
    {
        if (IsQueueDown) throw new TransientFault("storage_down", "away");
        if (IsUnroutedFull) return Task.FromResult(new UnroutedOutcome(events, 0));
        foreach (UnroutedEvent one in events) Unrouted.Enqueue(one);
        return Task.FromResult(new UnroutedOutcome([], 0));
    }

    ValueTask<Channel?> IChannelDirectory.FindAsync(ChannelId id, CancellationToken cancellationToken) =>
        Find(a => a.Id == id);

    ValueTask<Channel?> IChannelDirectory.FindAsync(
        string kind, string address, CancellationToken cancellationToken) =>
        Find(a => a.Kind == kind && a.Address == address);

    void IChannelDirectory.Invalidate()
    {
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    void IDisposable.Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private ValueTask<Channel?> Find(Predicate<Channel> isIt)
    {
        Channel? found = Array.Find([Shared, Second, Own, Sandbox], isIt);
        if (found is null && IsDirectoryDown) throw new TransientFault("storage_down", "away");
        return ValueTask.FromResult(found);
    }

    private static Channel Account(string kind, string address, string[] secrets, string verify) => new(
        new TenantId(Ids.New(TimeProvider.System)), new ChannelId(Ids.New(TimeProvider.System)), kind, address, "token",
        secrets, verify, true);
}
