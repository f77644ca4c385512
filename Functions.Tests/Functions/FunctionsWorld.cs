using Azure.Messaging.ServiceBus;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Functions.Amqp;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>All that the function app talks to, with one shop, its number and its customers; and the app.</summary>
internal sealed class FunctionsWorld : IAsyncDisposable
{
    public const string ApiKey = "an-api-key-for-the-tests";
    private const string Secret = "functions-secret";
    private const string Number = "10000000000009";

    private const string Settings =
        """
        {"quietMs":0,"burstCapMs":0,"messagesPerMinute":0,"showsTyping":false,"unknownSendWaitMs":1500}
        """;

    private readonly MetaWebhooks _webhooks;
    private readonly Dictionary<string, string?> _settings;

    private FunctionsWorld(
        TestDatabase database, AmqpBroker broker, OutsideWorld outside, FunctionsHost host, MetaWebhooks webhooks,
        Dictionary<string, string?> settings)
    {
        (Database, Broker, Outside, Host, _webhooks) = (database, broker, outside, host, webhooks);
        _settings = settings;
        Customers = new MetaCustomers(webhooks);
        Client = new ServiceBusClient(broker.ConnectionString);
    }

    public TestDatabase Database { get; }

    public AmqpBroker Broker { get; }

    public OutsideWorld Outside { get; }

    public FunctionsHost Host { get; }

    public MetaCustomers Customers { get; }

    /// <summary>Another sender's way to the same queues.</summary>
    public ServiceBusClient Client { get; }

    /// <summary>Every queue of the app.</summary>
    public static IReadOnlyList<string> Entities { get; } = [.. Queues.All, BrokerMessage.UrgentEntity];

    /// <param name="redis">Its port; null for an app without one.</param>
    /// <param name="also">Settings beside the usual ones.</param>
    /// <param name="services">What a test puts beside the app's own.</param>
    /// <param name="last">What it takes away or changes once all is registered.</param>
    public static async Task<FunctionsWorld> OpenAsync(
        AmqpQueueRules? rules = null, int? redis = null, IReadOnlyDictionary<string, string?>? also = null,
        Action<IServiceCollection>? services = null, Action<IServiceCollection>? last = null)
    {
        TestDatabase database = await TestDatabase.CreateAsync();
        OutsideWorld outside = await OutsideWorld.StartAsync();
        AmqpBroker broker = AmqpBroker.Start(Entities, rules);
        await using (NpgsqlConnection owner = await database.Owner.OpenConnectionAsync())
        {
            await owner.ExecuteAsync(
                """
                insert into tenants (id, name, settings) values (@tenant, 'Loja', cast(@settings as jsonb));
                insert into channels (tenant_id, id, kind, address, access_token)
                values (@tenant, @channel, 'meta-cloud', @address, 'token')
                """,
                new { tenant = Id(), channel = Id(), address = Number, settings = Settings });
        }

        Dictionary<string, string?> settings = new()
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["ServiceBus"] = broker.ConnectionString,
            ["OPENAI_API_KEY"] = "test",
            ["OPENAI_BASE_URL"] = outside.ModelUrl,
            ["PROVIDER_BASE_URL"] = outside.ProviderUrl,
            ["META_APP_SECRET"] = Secret,
            ["META_VERIFY_TOKEN"] = "verify",
            ["VELLARYS_API_KEY"] = ApiKey,
            // Customers here write faster than Meta would let anybody answer.
            ["Limits:MessagesPerSecond"] = "0",
            ["Limits:PairInterval"] = "00:00:00",
            ["Limits:CustomerModelRequestsPerMinute"] = "0",
            // A loaded machine may take its time to open a first connection.
            ["Health:ProbeCap"] = "00:00:30",
            // Nor is it an outage that it takes its time.
            ["Redis:CommandTimeout"] = "00:00:05",
            ["Redis:ConnectionString"] = redis is { } port ? $"127.0.0.1:{port}" : "",
        };
        foreach ((string name, string? value) in also ?? new Dictionary<string, string?>()) settings[name] = value;
        FunctionsHost host = await FunctionsHost.StartAsync(settings, also: services, last: last);
        return new FunctionsWorld(
            database, broker, outside, host, new MetaWebhooks(Secret, Number, host.Address), settings);
    }

    /// <summary>Another instance on the same database, broker, Redis and task hub, with a door of its own.</summary>
    public async Task<(FunctionsHost Host, MetaWebhooks Door)> StartAnotherAsync()
    {
        FunctionsHost host = await FunctionsHost.StartAsync(_settings, sharing: Host);
        return (host, new MetaWebhooks(Secret, Number, host.Address));
    }

    private static Guid Id() => Ids.New(TimeProvider.System);

    public Task UntilAsync(string condition) => UntilAsync(condition, () => true);

    public async Task UntilAsync(string condition, Func<bool> also)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        while (!await owner.ExecuteScalarAsync<bool>(condition) || !also())
        {
            if (patience.IsCancellationRequested)
                throw new AggregateException($"never: {condition}", Host.Failures.DistinctBy(f => f.Message));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>The relay's timer, after the half minute that a relay which failed keeps its rows.</summary>
    public async Task RelayLaterAsync()
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync("update queue_messages set relayed_until = now() where relayed_until > now()");
        await Host.Services.GetRequiredService<RelayOutbox>().TryRunAsync(CancellationToken.None);
    }

    /// <summary>Nothing is on its way any more, here or at the broker.</summary>
    public Task RestAsync(int written) => UntilAsync(
        $"""
        select (select count(*) from messages where role = 'cliente') >= {written}
            and not exists (select from conversations where answered_turn < turn)
            and not exists (select from deliveries where state in ('pending', 'sending', 'unknown'))
            and not exists (select from queue_messages where queue <> 'flow-events')
        """,
        () => Entities.All(e => e == "flow-events" || Broker[e].Count == 0));

    /// <summary>Nothing lost, nothing doubled, each conversation in its order.</summary>
    public async Task AssertOnceInOrderAsync(int customers, int each)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        (long all, long distinct) = await owner.QuerySingleAsync<(long, long)>(
            "select count(*), count(distinct external_id) from messages where role = 'cliente'");
        Assert.Equal((customers * each, customers * each), (all, distinct));
        Assert.Equal(0, await owner.ExecuteScalarAsync<long>("select count(*) from queue_dead_letters"));
        Assert.Equal(
            Outside.Sends.Select(s => s.Correlation).Distinct().Order(),
            Outside.Sends.Select(s => s.Correlation).Order());
        List<IGrouping<string, ProviderSend>> threads = [.. Outside.Sends.GroupBy(s => s.To)];
        Assert.Equal(customers, threads.Count);
        Assert.All(threads, thread =>
        {
            List<int?> references = [.. thread.Select(s => s.Reference)];
            Assert.Equal(references.Order(), references);
            Assert.Equal(each, references[^1]);
        });
    }

    public async ValueTask DisposeAsync()
    {
        _webhooks.Dispose();
        await Client.DisposeAsync();
        await Host.DisposeAsync();
        Broker.Dispose();
        await Outside.DisposeAsync();
        await Database.DisposeAsync();
    }
}
