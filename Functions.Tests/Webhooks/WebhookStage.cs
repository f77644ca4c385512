using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Support;
using Vellarys.Webhooks;
using Vellarys.Webhooks.Endpoints;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>The pipeline with a company's server behind it.</summary>
internal sealed class WebhookStage : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private WebhookStage(Pipeline pipeline, Receiver receiver, ServiceProvider services)
    {
        Pipeline = pipeline;
        Receiver = receiver;
        _services = services;
        Handler = services.GetServices<IMessageHandler>().Single();
        pipeline.Add(Handler);
    }

    public Pipeline Pipeline { get; }

    public Receiver Receiver { get; }

    /// <summary>Of the queue <c>webhook-delivery</c>.</summary>
    public IMessageHandler Handler { get; }

    public static async Task<WebhookStage> OpenAsync(
        string retryDelays = "0:0:0,0:0:0", bool allowsLocal = true, int calls = 64, TimeProvider? time = null)
    {
        Pipeline pipeline = await Pipeline.StartAsync();
        Receiver receiver = await Receiver.StartAsync();
        return new WebhookStage(
            pipeline, receiver, Services(pipeline.Database, pipeline.Directory, pipeline.CrashPoints, retryDelays,
                allowsLocal, calls: calls, time: time));
    }

    public static ServiceProvider Services(
        TestDatabase database, ITenantDirectory tenants, ICrashPoints crashPoints, string retryDelays,
        bool allowsLocal = true, string timeout = "0:1:0", int calls = 4, TimeProvider? time = null)
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhooks:RetryDelays"] = retryDelays,
            ["Webhooks:AllowLocal"] = allowsLocal.ToString(),
            ["Webhooks:Timeout"] = timeout,
            // What is over the limit comes later, and a stage works off what is due.
            ["Webhooks:CallsPerEndpoint"] = calls.ToString(CultureInfo.InvariantCulture),
        }).Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(database.App)
            .AddSingleton<TenantReader>()
            .AddSingleton(tenants)
            .AddSingleton(crashPoints)
            .AddSingleton(Rings.Box("k1"))
            .AddSingleton(time ?? TimeProvider.System)
            .AddOutboundWebhooks(settings)
            .BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Adds an endpoint at the receiver; returns its id and secret.</summary>
    public async Task<(Guid Id, string Secret)> SubscribeAsync(
        string[]? events = null, bool text = false, bool contact = false, string? url = null)
    {
        (Guid Id, string Secret)? made = await Get<CreateEndpoint>().RunAsync(
            Pipeline.Tenant.Id,
            new EndpointInput(url ?? Receiver.Url, "CRM", events ?? [.. WebhookEvents.All], text, contact, true),
            default);
        Assert.NotNull(made);
        return made.Value;
    }

    /// <summary>Makes the deliveries of what happened, and hands none of them out.</summary>
    public async Task FanOutAsync()
    {
        foreach (Guid happened in await Pipeline.ListAsync<Guid>("select id from webhook_events"))
            await Get<FanOutEvent>().RunAsync(Pipeline.Tenant.Id, happened, default);
        await Pipeline.ExecuteAsync(
            "delete from queue_messages where queue = 'webhook-delivery' and body not like '%\"endpoint\"%'");
    }

    /// <summary>As if so much time had passed for endpoints and what is on its way to them.</summary>
    public async Task TravelAsync(TimeSpan time)
    {
        await Pipeline.TravelAsync(time);
        await Pipeline.ExecuteAsync(
            """
            update webhook_endpoints set failing_since = failing_since - @time;
            update webhook_deliveries set last_attempt_at = last_attempt_at - @time,
                next_attempt_at = next_attempt_at - @time, tried_since = tried_since - @time
            where state <> 'delivered';
            """,
            new { time });
    }

    /// <summary>Works everything off, calls included, until nothing is due.</summary>
    public async Task SettleAsync()
    {
        do
        {
            await Pipeline.SettleAsync();
        }
        while (await Pipeline.RunAsync(Queues.WebhookDelivery) > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Receiver.DisposeAsync();
        await Pipeline.DisposeAsync();
    }
}
