using Azure.Messaging.ServiceBus;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Functions.Amqp;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Functions;

/// <summary>All that the function app talks to, with one shop, its number and its customers; and the app.</summary>
internal sealed class FunctionsWorld : IAsyncDisposable
{
    public const string ApiKey = "an-api-key-for-the-tests";
    private const string Secret = "functions-secret";
    private const string Number = "10000000000009";
    private readonly MetaWebhooks _webhooks;

    private FunctionsWorld(
        TestDatabase database, AmqpBroker broker, OutsideWorld outside, FunctionsHost host, MetaWebhooks webhooks)
    {
        (Database, Broker, Outside, Host, _webhooks) = (database, broker, outside, host, webhooks);
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

    public static async Task<FunctionsWorld> OpenAsync(AmqpQueueRules? rules = null)
    {
        TestDatabase database = await TestDatabase.CreateAsync();
        OutsideWorld outside = await OutsideWorld.StartAsync();
        AmqpBroker broker = AmqpBroker.Start(Entities, rules);
        await using (NpgsqlConnection owner = await database.Owner.OpenConnectionAsync())
        {
            await owner.ExecuteAsync(
                """
                insert into tenants (id, name, settings)
                values (@tenant, 'Loja', '{"quietMs":0,"burstCapMs":0,"messagesPerMinute":0,"showsTyping":false}');
                insert into channels (tenant_id, id, kind, address, access_token)
                values (@tenant, @channel, 'meta-cloud', @address, 'token')
                """,
                new { tenant = Id(), channel = Id(), address = Number });
        }

        FunctionsHost host = await FunctionsHost.StartAsync(new Dictionary<string, string?>
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
        });
        return new FunctionsWorld(database, broker, outside, host, new MetaWebhooks(host.Address, Secret, Number));
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
