using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Functions;
using Vellarys.Tests.Functions.Amqp;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Crash;

/// <summary>A host from its start to its death.</summary>
internal sealed record Life(int Number, string? CrashAt, DateTimeOffset StartedAt, DateTimeOffset EndedAt);

/// <summary>
/// Customers write while the host is killed at one named point after the other and started again; when everything has
/// come to rest, the books must balance.
/// </summary>
internal sealed class CrashRun : IAsyncDisposable
{
    public const string Secret = "crash-secret";
    public const string PhoneNumberId = "10000000000001";

    /// <summary>Around every commit and every call to the outside.</summary>
    public static readonly IReadOnlyList<string> Points =
    [
        "accept:before-enqueue", "accept:after-enqueue", "record:before-commit", "record:after-commit",
        "answer:before-model", "answer:after-model", "answer:before-commit", "answer:after-commit",
        "deliver:before-claim", "deliver:after-claim", "deliver:before-send", "deliver:after-send",
        "deliver:before-settle", "deliver:after-settle",
    ];

    private readonly int[] _ports;
    private readonly Dictionary<string, string> _environment;
    private readonly MetaWebhooks _webhooks;
    private readonly MetaStatuses _statuses;
    private readonly ConcurrentQueue<Life> _lives = new();
    private AmqpBroker? _broker;
    private RedisProcess? _redis;
    private int _kills;

    private CrashRun(TestDatabase database, OutsideWorld world, int instances)
    {
        Database = database;
        World = world;
        Tenant = Ids.New(TimeProvider.System);
        _ports = [.. Enumerable.Range(0, instances).Select(_ => HostProcess.FreePort())];
        Uri[] doors = [.. _ports.Select(port => new Uri($"http://127.0.0.1:{port}"))];
        _webhooks = new MetaWebhooks(Secret, PhoneNumberId, doors);
        Customers = new MetaCustomers(_webhooks);
        _statuses = new MetaStatuses(_webhooks);
        _environment = new Dictionary<string, string>
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["OPENAI_API_KEY"] = "test",
            ["OPENAI_BASE_URL"] = world.ModelUrl,
            ["PROVIDER_BASE_URL"] = world.ProviderUrl,
            ["META_APP_SECRET"] = Secret,
            ["META_VERIFY_TOKEN"] = "verify",
            // Customers here write faster than Meta would let anybody answer.
            ["Limits__MessagesPerSecond"] = "0",
            ["Limits__PairInterval"] = "00:00:00",
            ["Limits__CustomerModelRequestsPerMinute"] = "0",
            ["Database__Instances"] = instances.ToString(CultureInfo.InvariantCulture),
        };
    }

    public TestDatabase Database { get; }

    public OutsideWorld World { get; }

    public Guid Tenant { get; }

    public MetaCustomers Customers { get; }

    /// <summary>How many times a host was killed at a point.</summary>
    public int Kills => _kills;

    /// <summary>The hosts that ran until their death.</summary>
    public IReadOnlyCollection<Life> Lives => _lives;

    /// <param name="reports">The provider sends a status webhook for what it accepted.</param>
    /// <param name="unknown">
    /// No host can make itself known to others: what it held when it died is released by nobody, and only runs out.
    /// </param>
    /// <param name="onFunctions">The host is the function app, with a broker and a Redis.</param>
    /// <param name="instances">Hosts at a time, each killed on its own.</param>
    public static async Task<CrashRun> StartAsync(
        string settings, bool reports = false, bool unknown = false, bool onFunctions = false, int instances = 1)
    {
        var run = new CrashRun(await TestDatabase.CreateAsync(), await OutsideWorld.StartAsync(), instances);
        if (onFunctions) await run.UseFunctionsAsync();
        if (reports) run.World.Accepted = run._statuses.Report;
        await using NpgsqlConnection owner = await run.Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            """
            insert into tenants (id, name, settings) values (@tenant, 'Loja', cast(@settings as jsonb));
            insert into channels (tenant_id, id, kind, address, access_token)
            values (@tenant, @channel, 'meta-cloud', @address, 'token')
            """,
            new { tenant = run.Tenant, settings, channel = Ids.New(TimeProvider.System), address = PhoneNumberId });
        if (!unknown) return run;
        run._environment["Messaging__Default__LockDuration"] = "00:00:05";
        await owner.ExecuteAsync(
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
            create trigger refuse before insert on queue_consumers for each row execute function refuse();
            """);
        return run;
    }

    /// <summary>A host that dies when it reaches the point for the n-th time; null for one that lives.</summary>
    public HostProcess StartHost(string? crashAt = null, int instance = 0)
    {
        var environment = new Dictionary<string, string>(_environment);
        if (crashAt is not null) environment["VELLARYS_CRASH_AT"] = crashAt;
        return _broker is null
            ? HostProcess.Start(_ports[instance], environment)
            : HostProcess.StartFunctions(_ports[instance], environment);
    }

    /// <summary>Runs hosts to their death, point by point, until the customers have written everything.</summary>
    public async Task KillUntilAsync(Task written, Random random)
    {
        var deaths = new Deaths(Points, random);
        await Task.WhenAll(Enumerable.Range(0, _ports.Length).Select(i => KillUntilAsync(written, deaths, i)));
        await written;
    }

    /// <summary>Lets hosts live until nothing is on its way any more.</summary>
    public async Task ComeToRestAsync()
    {
        if (_broker is not null) await EndLeasesAsync();
        await using HostProcess host = StartHost();
        await using Others others = new([.. Enumerable.Range(1, _ports.Length - 1).Select(i => StartHost(null, i))]);
        Assert(await host.ReadyAsync(), "the host did not start:\n" + host.Output);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        while (await CountAsync("""
            select (select count(*) from queue_messages where queue <> 'flow-events')
                + (select count(*) from deliveries where state in ('pending', 'sending', 'unknown'))
                + (select count(*) from conversations where answered_turn < turn)
            """) + Waiting > 0)
        {
            Assert(!host.HasExited, "the host ended by itself:\n" + host.Output);
            Assert(!deadline.IsCancellationRequested, "it never came to rest:\n" + host.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    public async Task<long> CountAsync(string sql)
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        return await owner.ExecuteScalarAsync<long>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await _statuses.DisposeAsync();
        _webhooks.Dispose();
        _broker?.Dispose();
        if (_redis is not null) await _redis.DisposeAsync();
        await World.DisposeAsync();
        await Database.DisposeAsync();
    }

    // What the broker still has to hand out of what customers wait for.
    private long Waiting => _broker is null ? 0 : Working.Sum(entity => _broker[entity].Count);

    private static string[] Working { get; } =
        [Queues.MessageProcessing, Queues.AiResponse, Queues.MessageDelivery, BrokerMessage.UrgentEntity];

    private async Task KillUntilAsync(Task written, Deaths deaths, int instance)
    {
        while (!written.IsCompleted)
        {
            string crashAt = deaths.Next();
            DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
            await using HostProcess host = StartHost(crashAt, instance);
            await Task.WhenAny(host.Exited, written);
            if (host.HasExited) Interlocked.Increment(ref _kills);
            _lives.Enqueue(new Life(_lives.Count + 1, crashAt, startedAt, TimeProvider.System.GetUtcNow()));
        }
    }

    private async Task UseFunctionsAsync()
    {
        // Locks of a dead worker run out while others go on; the real minute would only make the test longer.
        _broker = AmqpBroker.Start(
            FunctionsWorld.Entities, new() { LockDuration = TimeSpan.FromSeconds(5), MaxDeliveryCount = 100 });
        _redis = await RedisProcess.StartAsync();
        _environment["ServiceBus"] = _broker.ConnectionString;
        _environment["Redis__ConnectionString"] = $"127.0.0.1:{_redis.Port}";
        // A loaded machine is no outage.
        _environment["Redis__CommandTimeout"] = "00:00:02";
        _environment["VELLARYS_API_KEY"] = FunctionsWorld.ApiKey;
    }

    // As if the half minute had passed that a relay which died keeps its rows.
    private async Task EndLeasesAsync()
    {
        await using NpgsqlConnection owner = await Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync("update queue_messages set relayed_until = now() where relayed_until > now()");
    }

    private sealed record Others(HostProcess[] Hosts) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (HostProcess host in Hosts) await host.DisposeAsync();
        }
    }

    internal static void Assert(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}
