using Dapper;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Functions.Flows;
using Vellarys.Functions.Redis;
using Vellarys.Jobs;
using Vellarys.Limits;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>Two instances of the app as their composition makes them, with all that they share.</summary>
public sealed class TwoInstancesTests : IAsyncLifetime
{
    private const int Customers = 10;
    private const int Each = 6;
    private RedisProcess _redis = null!;
    private FunctionsWorld _world = null!;
    private FunctionsHost _other = null!;
    private MetaWebhooks _otherDoor = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _world = await FunctionsWorld.OpenAsync(redis: _redis.Port);
        (_other, _otherDoor) = await _world.StartAnotherAsync();
        foreach (FunctionsHost host in new[] { _world.Host, _other })
            await host.Services.GetRequiredService<RedisConnection>().First;
    }

    public async Task DisposeAsync()
    {
        _otherDoor.Dispose();
        await _other.DisposeAsync();
        await _world.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Customers_ThroughBothDoors_AreAnsweredOnceInOrder()
    {
        MetaCustomers others = new(_otherDoor);
        await Task.WhenAll(Enumerable.Range(0, Customers).Select(async customer =>
        {
            for (int n = 1; n <= Each; n++)
            {
                await (n % 2 == 0 ? others : _world.Customers).WriteAsync(
                    $"551190000{customer:0000}", $"wamid.{customer}.{n}", $"mensagem {n} [ref:{n}]");
            }
        }));

        await _world.RestAsync(Customers * Each);
        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Fact]
    public async Task Job_TimersOfBothFireAtOnce_RunsOnce()
    {
        JobRun[] runs = await Task.WhenAll(new[] { _world.Host, _other }.Select(host => host.Services
            .GetRequiredService<RunJob>().RunAsync(JobNames.WatchCustody, false, CancellationToken.None)));

        Assert.Single(runs, r => r.Outcome == JobOutcome.Done);
    }

    [Fact]
    public async Task Limit_AskedForOnBoth_IsOneBudget()
    {
        LimitRule ten = LimitRule.OnAverage("ten", 1, TimeSpan.FromHours(1), 10);
        int allowed = 0;
        for (int i = 0; i < 30; i++)
        {
            ILimits limits = (i % 2 == 0 ? _world.Host : _other).Services.GetRequiredService<ILimits>();
            LimitVerdict verdict = await limits.TakeAsync([new(ten, "subject")], TimeSpan.Zero, default);
            if (verdict.Allowed) allowed++;
        }

        Assert.Equal(10, allowed);
    }

    [Fact]
    public async Task Flow_BothReconcileAtOnce_HasOneInstance()
    {
        await _world.Customers.WriteAsync("5511987654321", "wamid.1", "Oi! [ref:1]");
        await _world.RestAsync(1);
        FlowPlace flow = await StartSurveyAsync();

        await Task.WhenAll(new[] { _world.Host, _other }.Select(host => host.Services
            .GetRequiredService<FlowInstances>().ReconcileAsync(host.Durable, CancellationToken.None)));

        OrchestrationMetadata? instance = await _world.Host.Durable.GetInstanceAsync(FlowInstances.IdOf(flow));
        Assert.NotNull(instance);
        List<OrchestrationMetadata> all = [];
        await foreach (OrchestrationMetadata one in _world.Host.Durable.GetAllInstancesAsync()) all.Add(one);
        Assert.Single(all, i => i.InstanceId == instance.InstanceId);
    }

    // No hint is sent for it: as if it had been lost.
    private async Task<FlowPlace> StartSurveyAsync()
    {
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        (Guid tenant, Guid conversation) = await owner.QuerySingleAsync<(Guid, Guid)>(
            "select tenant_id, id from conversations");
        FlowId? started = await new StartFlow(_world.Database.App).RunAsync(
            new TenantId(tenant), "reengagement", new ConversationId(conversation), "{}", CancellationToken.None);
        return new FlowPlace(tenant, started!.Value.Value, "reengagement");
    }
}
