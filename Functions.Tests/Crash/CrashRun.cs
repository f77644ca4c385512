using Dapper;
using Npgsql;
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

    private readonly int _port = StandaloneProcess.FreePort();
    private readonly Dictionary<string, string> _environment;
    private readonly MetaWebhooks _webhooks;
    private readonly MetaStatuses _statuses;
    private readonly List<Life> _lives = [];

    private CrashRun(TestDatabase database, OutsideWorld world)
    {
        Database = database;
        World = world;
        Tenant = Ids.New(TimeProvider.System);
        _webhooks = new MetaWebhooks(new Uri($"http://127.0.0.1:{_port}"), Secret, PhoneNumberId);
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
        };
    }

    public TestDatabase Database { get; }

    public OutsideWorld World { get; }

    public Guid Tenant { get; }

    public MetaCustomers Customers { get; }

    /// <summary>How many times the host was killed at a point.</summary>
    public int Kills { get; private set; }

    /// <summary>The hosts that ran until their death.</summary>
    public IReadOnlyList<Life> Lives => _lives;

    /// <param name="reports">The provider sends a status webhook for what it accepted.</param>
    /// <param name="unknown">
    /// No host can make itself known to others: what it held when it died is released by nobody, and only runs out.
    /// </param>
    public static async Task<CrashRun> StartAsync(string settings, bool reports = false, bool unknown = false)
    {
        var run = new CrashRun(await TestDatabase.CreateAsync(), await OutsideWorld.StartAsync());
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
    public StandaloneProcess StartHost(string? crashAt = null)
    {
        var environment = new Dictionary<string, string>(_environment);
        if (crashAt is not null) environment["VELLARYS_CRASH_AT"] = crashAt;
        return StandaloneProcess.Start(_port, environment);
    }

    /// <summary>Runs hosts to their death, point by point, until the customers have written everything.</summary>
    public async Task KillUntilAsync(Task written, Random random)
    {
        var left = new Queue<string>();
        while (!written.IsCompleted)
        {
            if (left.Count == 0) left = new Queue<string>(Points.OrderBy(_ => random.Next()));
            string crashAt = $"{left.Dequeue()}:{1 + random.Next(25)}";
            DateTimeOffset startedAt = TimeProvider.System.GetUtcNow();
            await using StandaloneProcess host = StartHost(crashAt);
            await Task.WhenAny(host.Exited, written);
            if (host.HasExited) Kills++;
            _lives.Add(new Life(_lives.Count + 1, crashAt, startedAt, TimeProvider.System.GetUtcNow()));
        }

        await written;
    }

    /// <summary>Lets a host live until nothing is on its way any more.</summary>
    public async Task ComeToRestAsync()
    {
        await using StandaloneProcess host = StartHost();
        Assert(await host.ReadyAsync(), "the host did not start:\n" + host.Output);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5), TimeProvider.System);
        while (await CountAsync("""
            select (select count(*) from queue_messages where queue <> 'flow-events')
                + (select count(*) from deliveries where state in ('pending', 'sending', 'unknown'))
                + (select count(*) from conversations where answered_turn < turn)
            """) > 0)
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
        await World.DisposeAsync();
        await Database.DisposeAsync();
    }

    internal static void Assert(bool holds, string otherwise)
    {
        if (!holds) throw new InvalidOperationException(otherwise);
    }
}
