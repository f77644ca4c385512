using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Database.Pool;
using Vellarys.Storage;
using Vellarys.Tests.Accounts;
using Vellarys.Tests.Api;
using Vellarys.Tests.Jobs;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Database.Pool;

/// <summary>The connections of all instances, and whose they are.</summary>
public sealed class InstancesTests
{
    private const string Key = "a-key-of-some-length";

    [Fact]
    public async Task HealthPool_WithTheKey_SumsAndNamesEveryInstance()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            new() { ["Api:Key"] = Key }, services: all => all.AddSingleton(s => Reader(
                s.GetRequiredService<NpgsqlDataSource>())));
        await using NpgsqlDataSource other = Source(host.Database, "other one");
        await using NpgsqlConnection idle = await other.OpenConnectionAsync();
        await using NpgsqlConnection leaked = await other.OpenConnectionAsync();
        await using NpgsqlTransaction open = await leaked.BeginTransactionAsync();
        await using (NpgsqlCommand begin = new("select 1", leaked)) await begin.ExecuteScalarAsync();

        (_, JsonElement stranger) = await host.GetAsync("/health/pool");
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        (_, JsonElement known) = await host.GetAsync("/health/pool");

        Assert.False(stranger.TryGetProperty("instances", out _));
        JsonElement all = known.GetProperty("instances");
        Assert.Equal("known", all.GetProperty("state").GetString());
        string another = InstanceName.Of(new StorageOptions { InstanceName = "other one" });
        Dictionary<string, JsonElement> items = all.GetProperty("items").EnumerateArray()
            .ToDictionary(i => i.GetProperty("name").GetString()!);
        Assert.Equal(
            new[] { another, InstanceName.Of(host.Database.Options()) }.Order(StringComparer.Ordinal),
            items.Keys.Order(StringComparer.Ordinal));
        JsonElement one = items[another];
        Assert.Equal(
            (2, 1, 1),
            (one.GetProperty("connections").GetInt32(), one.GetProperty("active").GetInt32(),
                one.GetProperty("idle_in_transaction").GetInt32()));
        Assert.Equal(2, all.GetProperty("count").GetInt32());
        Assert.Equal(
            items.Values.Sum(i => i.GetProperty("connections").GetInt32()), all.GetProperty("connections").GetInt32());
        Assert.True(all.GetProperty("max_connections").GetInt32() >= all.GetProperty("connections").GetInt32());
    }

    [Fact]
    public async Task Instances_NoConnectionFree_AreUnknown()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using NpgsqlDataSource full = Source(database, "full", connections: 1);
        await using NpgsqlConnection last = await full.OpenConnectionAsync();
        Assert.Equal("unknown", (await new ReadInstances(full, TimeProvider.System).RunAsync(default)).State);
    }

    // Another instance has the timer next: what this one saw must not stand beside what that one sees.
    [Fact]
    public async Task Gauges_OfAllInstances_EndWithTheirNews()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using NpgsqlDataSource one = Source(database, "one"), two = Source(database, "two");
        await using NpgsqlConnection held = await two.OpenConnectionAsync();
        using PoolUsage usage = new(one);
        ReadPool pool = new(usage, new StorageOptions(), TimeProvider.System);
        ManualTime time = new();
        IMeterFactory meters = Instance.Meters();
        CheckPool job = new(
            pool, Reader(one), new PoolMetrics(meters, pool, time),
            NullLogger<CheckPool>.Instance);
        Dictionary<string, int> seen = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Scope == meters) l.EnableMeasurementEvents(i);
            },
        };
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => seen[i.Name] = value);
        listener.Start();

        await job.RunAsync(default);
        listener.RecordObservableInstruments();
        Assert.Equal((2, 2), (seen["pool.instances"], seen["pool.connections"]));

        seen.Clear();
        time.Advance(TimeSpan.FromMinutes(3));
        listener.RecordObservableInstruments();
        Assert.Empty(seen);
    }

    [Theory]
    [InlineData("shop-1", "vellarys/shop-1")]
    [InlineData("a b/ç", "vellarys/a-b---[0-9a-f]{6}")]
    public void Name_AsSet_IsPlain(string name, string expected) =>
        Assert.Matches($"^{expected}$", Named(name));

    [Theory]
    [InlineData("日本", "中国")]
    [InlineData("a b", "a-b")]
    [InlineData("", "!")]
    public void Names_ThatDifferInWhatIsTakenFromThem_StayTwo(string one, string other)
    {
        string start = new('x', 60);
        Assert.NotEqual(Named(one), Named(other));
        Assert.NotEqual(Named(start + one), Named(start + other));
    }

    [Fact]
    public void Name_HoweverLong_IsNotCutOffByTheDatabase()
    {
        StorageOptions options = new() { InstanceName = new string('x', 200) };
        Assert.Equal(59, InstanceName.ApplicationName(options).Length);
        Assert.EndsWith(
            $"-{Environment.ProcessId}", InstanceName.ApplicationName(new StorageOptions()), StringComparison.Ordinal);
    }

    private static string Named(string name) =>
        InstanceName.ApplicationName(new StorageOptions { InstanceName = name });

    // A loaded machine may take its time to open a connection.
    private static ReadInstances Reader(NpgsqlDataSource database) =>
        new(database, TimeProvider.System) { Patience = TimeSpan.FromMinutes(1) };

    private static NpgsqlDataSource Source(TestDatabase database, string name, int connections = 10)
    {
        StorageOptions options = database.Options();
        (options.InstanceName, options.ConnectionBudget) = (name, connections + ListenSource.Connections);
        return StorageSetup.AppSource(options, loggers: null);
    }
}
