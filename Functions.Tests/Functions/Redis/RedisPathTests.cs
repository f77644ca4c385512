using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Vellarys.Assistant.Model;
using Vellarys.Caching;
using Vellarys.Functions.Redis;
using Vellarys.Limits;
using Vellarys.Messaging.Broker;
using Vellarys.Realtime;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>The app's own composition on a real Redis, with messages going through it.</summary>
public sealed class RedisPathTests : IAsyncLifetime
{
    private const int Customers = 8;
    private RedisProcess _redis = null!;
    private FunctionsWorld _world = null!;

    private RedisConnection Connection => _world.Host.Services.GetRequiredService<RedisConnection>();

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        await _redis.RunAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        _world = await FunctionsWorld.OpenAsync(redis: _redis.Port);
        await Connection.First;
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Composition_AllPorts_ShareOneConnection()
    {
        IServiceProvider services = _world.Host.Services;

        Assert.IsType<RedisLimits>(services.GetRequiredService<ILimits>());
        Assert.IsType<RedisCircuit>(services.GetRequiredService<ISharedCircuit>());
        Assert.IsType<RedisCacheStore>(services.GetRequiredService<ICacheStore>());
        Assert.IsType<RedisLastSent>(services.GetRequiredService<ILastSent>());
        Assert.IsType<RedisRealtime>(services.GetRequiredService<IRealtime>());
        Assert.Same(Connection, Assert.Single(services.GetServices<IHostedService>().OfType<RedisConnection>()));
        await WriteAsync(1, 3);
        await _world.RestAsync(Customers * 3);

        // One multiplexer: a socket for commands, and one for what is subscribed where the protocol wants it apart.
        Assert.InRange(await ClientsAsync(), 1, 2);
        Assert.NotEmpty(await _redis.KeysAsync());
    }

    [Fact]
    public async Task Health_ServerThatEvictsNothing_IsDegradedAndServed()
    {
        using HttpClient http = new() { BaseAddress = _world.Host.Address };

        HttpResponseMessage health = await http.GetAsync(new Uri("/health", UriKind.Relative));
        string report = await health.Content.ReadAsStringAsync();

        Assert.True(health.IsSuccessStatusCode, report);
        Assert.Contains("evicts nothing", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_RedisIsKilledAndComesBack_NoneIsLostOrDoubled()
    {
        Task first = WriteAsync(1, 4);
        await _world.UntilAsync("select count(*) >= 5 from messages where role = 'cliente'");
        _redis.Kill();
        await first;
        await WriteAsync(5, 8);
        await _world.RestAsync(Customers * 8);
        Assert.False(Connection.IsUp);

        await _redis.StartAgainAsync();
        await RedisInstance.UntilAsync(async () =>
            (await Connection.TryAsync("test", database => database.PingAsync())).Answered);
        await WriteAsync(9, 10);

        await _world.RestAsync(Customers * 10);
        await _world.AssertOnceInOrderAsync(Customers, 10);
        Assert.NotEmpty(await _redis.KeysAsync());
    }

    private Task WriteAsync(int from, int to) => Task.WhenAll(Enumerable.Range(0, Customers).Select(async customer =>
    {
        for (int n = from; n <= to; n++)
        {
            await _world.Customers.WriteAsync(
                $"551190000{customer:0000}", $"wamid.{customer}.{n}", $"mensagem {n} [ref:{n}]");
        }
    }));

    private async Task<int> ClientsAsync()
    {
        string all = (string)(await _redis.RunAsync("CLIENT", "LIST"))!;
        return all.Split('\n').Count(line => line.Contains("name=vellarys", StringComparison.Ordinal));
    }
}
