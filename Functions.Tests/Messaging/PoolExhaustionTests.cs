using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Caching;
using Vellarys.Channels;
using Vellarys.Channels.Media;
using Vellarys.Channels.MetaCloud;
using Vellarys.Channels.Sandbox;
using Vellarys.Channels.Stops;
using Vellarys.Conversations;
using Vellarys.Conversations.Ledger;
using Vellarys.Flows;
using Vellarys.Health;
using Vellarys.Http;
using Vellarys.Intake;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>
/// Every connection of the pool is taken while webhooks come in: what is not accepted is refused so that the provider
/// repeats it, what is accepted has its outcome, and once connections return the queue drains.
/// </summary>
public sealed class PoolExhaustionTests
{
    private const int Size = 10;
    private const int Customers = 60;

    [Fact]
    public async Task AllConnectionsHeld_UnderLoad_NothingAcceptedIsLostAndTheQueueDrains()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        StorageOptions options = database.Options();
        (options.ConnectionBudget, options.OpenTimeout) = (Size + 2, TimeSpan.FromSeconds(1));
        await using NpgsqlDataSource pool = StorageSetup.AppSource(options, loggers: null);
        FixedDirectory directory = new();
        Tenant tenant = directory.AddTenant(new TenantSettings { QuietMs = 0, ShowsTyping = false });
        Channel channel = directory.AddChannel(tenant.Id) with
        {
            Kind = "sandbox", WebhookSecrets = ["page-token"],
        };
        await directory.StoreAsync(database.Owner);
        Answered answered = new(Customers);
        await using WebApplication app = await StartAsync(options, pool, directory, channel, answered);
        using HttpClient http = new() { BaseAddress = new Uri(app.Urls.Single()) };

        // Half come before, and are on their way when the connections go.
        Task<int>[] before = [.. Enumerable.Range(0, Customers / 2).Select(n => PostUntilAcceptedAsync(n))];
        List<NpgsqlConnection> held = await HoldAllAsync(pool);
        Task<int>[] during = [.. Enumerable.Range(Customers / 2, Customers / 2).Select(PostUntilAcceptedAsync)];
        await answered.Refused.Task;
        foreach (NpgsqlConnection connection in held) await connection.DisposeAsync();
        int[] attempts = await Task.WhenAll([.. before, .. during]);
        await answered.All.Task;

        LedgerReport books;
        do books = await new MessageLedger(database.App).RunAsync(tenant.Id, DateTimeOffset.UnixEpoch, default);
        while (books.Replied < Customers);
        Assert.Equal((Customers, Customers, 0L), (books.Received, books.Replied, books.DeadLetters));
        Assert.True(attempts.Sum() > Customers);
        Assert.Equal(Customers, answered.Customers.Distinct().Count());
        while (await QueuedAsync() > 0) await Task.Yield();

        // As a provider does: again and again, with the same id, until it is told 200.
        async Task<int> PostUntilAcceptedAsync(int n)
        {
            for (int attempt = 1; ; attempt++)
            {
                using HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/webhooks/{channel.Id}")
                {
                    Content = JsonContent.Create(new
                    {
                        id = $"exhausted-{n}", from = $"55119876{n:00000}", name = "Ana", text = "oi",
                    }),
                    Headers = { { "X-Sandbox-Token", "page-token" } },
                };
                using HttpResponseMessage response = await http.SendAsync(request);
                if (response.StatusCode == HttpStatusCode.OK) return attempt;
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.NotNull(response.Headers.RetryAfter);
                answered.CountRefusal();
            }
        }

        async Task<long> QueuedAsync()
        {
            await using NpgsqlCommand count = database.Owner.CreateCommand("select count(*) from queue_messages");
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }

    // Takes them from under the load, one by one, as they come back from work.
    private static async Task<List<NpgsqlConnection>> HoldAllAsync(NpgsqlDataSource pool)
    {
        List<NpgsqlConnection> held = [];
        while (held.Count < Size)
        {
            try
            {
                held.Add(await pool.OpenConnectionAsync());
            }
            catch (NpgsqlException e) when (e.IsTransient)
            {
                // Somebody else was faster.
            }
        }

        return held;
    }

    private static async Task<WebApplication> StartAsync(
        StorageOptions options, NpgsqlDataSource pool, FixedDirectory directory, Channel channel,
        Answered answered)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(options).AddSingleton(pool);
        builder.Services.AddSingleton(s => StorageSetup.Listening(options));
        builder.Services.AddSingleton<ITenantDirectory>(directory);
        builder.Services.AddSingleton<IChannelDirectory>(new OneChannel(channel));
        builder.Services.AddSingleton<IAssistant>(new ScriptedAssistant());
        builder.Services.AddSingleton<IProvider>(answered);
        builder.Services.AddSingleton(new MetaCloudOptions());
        builder.Services.AddSingleton(new MediaFiles(
            new MediaRows(pool, new TenantReader(pool)), new FileMediaStore(new MediaOptions()), links: null,
            new ApiOptions()));
        builder.Services.AddLimits(builder.Configuration).AddCaching().AddChannelStops();
        builder.Services.AddMessaging(builder.Configuration).AddConversations().AddFlows().AddWebhooks();
        builder.Services.AddOperations(builder.Configuration);
        builder.Services.AddQueueConsumers();
        WebApplication app = builder.Build();
        app.MapWebhooks();
        await app.StartAsync();
        return app;
    }

    private sealed class OneChannel(Channel channel) : IChannelDirectory
    {
        public ValueTask<Channel?> FindAsync(ChannelId id, CancellationToken cancellationToken) =>
            ValueTask.FromResult(id == channel.Id ? channel : null);

        public ValueTask<Channel?> FindAsync(string kind, string address, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Channel?>(null);

        public void Invalidate()
        {
        }
    }

    /// <summary>The sandbox channel, which tells when every customer has an answer.</summary>
    private sealed class Answered(int wanted) : IProvider
    {
        private const int Refusals = 40;
        private readonly SandboxProvider _inner = new(TimeProvider.System);
        private int _refused;

        public ConcurrentQueue<string> Customers { get; } = new();

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Refused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Kind => _inner.Kind;

        public bool HasServiceWindow => false;

        public void CountRefusal()
        {
            if (Interlocked.Increment(ref _refused) == Refusals) Refused.TrySetResult();
        }

        public bool IsAuthentic(
            Channel? channel, Microsoft.AspNetCore.Http.IHeaderDictionary headers, ReadOnlySpan<byte> body) =>
            _inner.IsAuthentic(channel, headers, body);

        public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
            _inner.Read(channel, body, receivedAt);

        public Task<SendOutcome> SendAsync(
            Channel channel, OutboundMessage message, CancellationToken cancellationToken)
        {
            Customers.Enqueue(message.To);
            if (Customers.Distinct().Count() == wanted) All.TrySetResult();
            return Task.FromResult<SendOutcome>(new SendOutcome.Sent($"out.{message.Id}"));
        }

        public Task MarkReadAsync(
            Channel channel, string providerMessageId, CancellationToken cancellationToken) =>
            Task.CompletedTask;
    }
}
