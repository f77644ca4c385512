using System.Globalization;
using System.Text;
using Dapper;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Assistant.Model;
using Vellarys.Channels;
using Vellarys.Conversations.Sending;
using Vellarys.Flows.Kernel;
using Vellarys.Functions.Flows;
using Vellarys.Functions.Redis;
using Vellarys.Jobs;
using Vellarys.Limits;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Functions.Redis;
using Vellarys.Tests.Realtime;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>
/// Several instances of the app as their composition makes them, with all that they share: two, or as many as
/// <c>TEST_INSTANCES</c> says.
/// </summary>
public sealed class InstancesTests : IAsyncLifetime
{
    private const int Customers = 10;
    private const int Each = 6;
    private const int PairBurst = 12;

    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("TEST_INSTANCES"), CultureInfo.InvariantCulture, out int set)
            ? set
            : 2;

    private readonly List<FunctionsHost> _others = [];
    private readonly List<MetaWebhooks> _doors = [];
    private RedisProcess _redis = null!;
    private FunctionsWorld _world = null!;

    private IReadOnlyList<FunctionsHost> Hosts => [_world.Host, .. _others];

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _world = await FunctionsWorld.OpenAsync(redis: _redis.Port, also: new Dictionary<string, string?>
        {
            ["Limits:PairInterval"] = "01:00:00",
            ["Limits:PairBurst"] = PairBurst.ToString(CultureInfo.InvariantCulture),
        });
        for (int i = 1; i < Count; i++)
        {
            (FunctionsHost host, MetaWebhooks door) = await _world.StartAnotherAsync();
            _others.Add(host);
            _doors.Add(door);
        }

        foreach (FunctionsHost host in Hosts) await host.Services.GetRequiredService<RedisConnection>().First;
    }

    public async Task DisposeAsync()
    {
        foreach (MetaWebhooks door in _doors) door.Dispose();
        foreach (FunctionsHost host in _others) await host.DisposeAsync();
        await _world.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Customers_ThroughAllDoors_AreAnsweredOnceInOrder()
    {
        await WriteAsync(Customers, Each);

        await _world.RestAsync(Customers * Each);
        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Fact]
    public async Task Jobs_TimersOfAllFireAtOnce_EachRunsOnce()
    {
        foreach (FunctionsHost host in Hosts) host.Services.GetRequiredService<FlowClient>().Use(host.Durable);

        foreach (JobSchedule job in JobSchedules.All.Concat(JobSchedules.Outside))
        {
            JobRun[] runs = await Task.WhenAll(Hosts.Select(host => host.Services
                .GetRequiredService<RunJob>().RunAsync(job.Name, false, CancellationToken.None)));

            int done = runs.Count(run => run.Outcome == JobOutcome.Done);
            // What is due every few seconds may be due again before the last instance has looked.
            bool mayBeEach = job.Scope == JobScope.EachInstance || job.Every < TimeSpan.FromMinutes(1);
            int least = job.Scope == JobScope.EachInstance ? Count : 1;
            Assert.True(done >= least && done <= (mayBeEach ? Count : 1), $"{job.Name} ran {done} times");
        }
    }

    [Fact]
    public async Task Limit_AskedForOnAll_IsOneBudget()
    {
        LimitRule ten = LimitRule.OnAverage("ten", 1, TimeSpan.FromHours(1), 10);
        int allowed = 0;
        for (int i = 0; i < 15 * Count; i++)
        {
            LimitVerdict verdict = await Of<ILimits>(i).TakeAsync([new(ten, "subject")], TimeSpan.Zero, default);
            if (verdict.Allowed) allowed++;
        }

        Assert.Equal(10, allowed);
    }

    [Fact]
    public async Task Pace_OfANumberToACustomer_IsOneForAll()
    {
        ChannelId channel = new(Ids.New(TimeProvider.System));
        int sent = 0;
        for (int i = 0; i < PairBurst * Count; i++)
        {
            TimeSpan? later = await Of<SendPacing>(i).WaitAsync(
                SendPace.Meta, channel, "5511987654321", CancellationToken.None);
            if (later is null) sent++;
        }

        Assert.Equal(PairBurst, sent);
    }

    [Fact]
    public async Task Quota_ModelRefusesOne_HoldsAllBack()
    {
        await Of<ModelQuota>(0).RefusedAsync(TimeSpan.FromHours(1), CancellationToken.None);

        for (int i = 0; i < Count; i++)
        {
            TransientFault refused = await Assert.ThrowsAsync<TransientFault>(async () =>
                await Of<ModelQuota>(i).EnterAsync(new ModelRequest([], WantsSummary: false), default));
            Assert.Equal(ModelQuota.Code, refused.Code);
        }
    }

    [Fact]
    public async Task Stream_OnEachInstance_ShowsWhatAnyOfThemDid()
    {
        await WriteAsync(Count * Count, 1);
        await _world.RestAsync(Count * Count);
        await SubscribedAsync();
        for (int i = 0; i < Count * Count; i++)
        {
            (TenantId tenant, Guid conversation) = await ConversationAsync(i);
            using HttpClient watcher = Client(Hosts[i / Count]);
            using HttpClient actor = Client(Hosts[i % Count]);
            await using EventReader events = await EventReader.OpenAsync(watcher, tenant);
            Assert.Equal("ready", (await events.NextAsync()).Kind);

            using StringContent nothing = new("{}", Encoding.UTF8, "application/json");
            using HttpResponseMessage taken = await actor.PostAsync(
                new Uri($"/api/v1/conversations/{conversation}/takeover", UriKind.Relative), nothing);

            Assert.True(taken.IsSuccessStatusCode);
            while (!(await UntilAsync(events, "charge")).Contains(conversation.ToString(), StringComparison.Ordinal))
            {
            }
        }
    }

    [Fact]
    public async Task Stream_OfOneInstance_ShowsEveryCustomerWhoWroteThroughAnyDoor()
    {
        await WriteAsync(1, 1);
        await _world.RestAsync(1);
        (TenantId tenant, _) = await ConversationAsync();
        await SubscribedAsync();
        using HttpClient client = Client(Hosts[^1]);
        await using EventReader events = await EventReader.OpenAsync(client, tenant);
        Assert.Equal("ready", (await events.NextAsync()).Kind);

        await WriteAsync(Customers, Each);

        HashSet<string> seen = [];
        while (seen.Count < Customers) seen.Add(await UntilAsync(events, "message"));
        await _world.RestAsync(Customers * Each);
    }

    [Fact]
    public async Task Flow_AllReconcileAtOnce_HasOneInstance()
    {
        await WriteAsync(1, 1);
        await _world.RestAsync(1);
        FlowPlace flow = await StartFlowAsync();
        await using (NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync())
            await owner.ExecuteAsync("delete from queue_messages where queue = 'flow-events'");

        await Task.WhenAll(Hosts.Select(host => host.Services
            .GetRequiredService<FlowInstances>().ReconcileAsync(host.Durable, CancellationToken.None)));

        Assert.Equal([FlowInstances.IdOf(flow)], await InstancesAsync());
    }

    [Fact]
    public async Task Flows_AllRelayWhatTheyAreToldOf_EachAdvancesInOneInstance()
    {
        await WriteAsync(Customers, 1);
        await _world.RestAsync(Customers);
        List<string> flows = [];
        for (int i = 0; i < Customers; i++) flows.Add(FlowInstances.IdOf(await StartFlowAsync(i)));

        await Task.WhenAll(Hosts.Select(host => host.Services
            .GetRequiredService<RelayOutbox>().TryRunAsync(CancellationToken.None)));

        await _world.UntilAsync(
            $"""
            select count(*) = {Customers} from flows f
            where not exists (select from flow_events e where e.flow_id = f.id and e.version is null)
            """);
        Assert.Equal(flows.Order(), await InstancesAsync());
    }

    private T Of<T>(int turn)
        where T : notnull => Hosts[turn % Count].Services.GetRequiredService<T>();

    // Events are hints without a history: whoever listens later has not heard them.
    private Task SubscribedAsync()
    {
        string channel = _world.Host.Services.GetRequiredService<RedisKeys>().Realtime.ToString();
        return RedisInstance.UntilAsync(async () =>
            (long)((object?[])(await _redis.RunAsync("PUBSUB", "NUMSUB", channel))!)[1]! == Count);
    }

    // Each customer through one door after the other.
    private Task WriteAsync(int customers, int each)
    {
        MetaCustomers[] doors = [_world.Customers, .. _doors.Select(door => new MetaCustomers(door))];
        return Task.WhenAll(Enumerable.Range(0, customers).Select(async customer =>
        {
            for (int n = 1; n <= each; n++)
            {
                await doors[(customer + n) % Count].WriteAsync(
                    $"551190000{customer:0000}", $"wamid.{customer}.{n}", $"mensagem {n} [ref:{n}]");
            }
        }));
    }

    private static HttpClient Client(FunctionsHost host)
    {
        HttpClient client = new() { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", FunctionsWorld.ApiKey);
        return client;
    }

    private static async Task<string> UntilAsync(EventReader events, string kind)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        (string Kind, string Id, string Json) next;
        do
        {
            next = await events.NextAsync().WaitAsync(patience.Token);
        }
        while (next.Kind != kind);

        return next.Json;
    }

    private async Task<(TenantId Tenant, Guid Conversation)> ConversationAsync(int which = 0)
    {
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        (Guid tenant, Guid conversation) = await owner.QuerySingleAsync<(Guid, Guid)>(
            "select tenant_id, id from conversations order by reply_to offset @which limit 1", new { which });
        return (new TenantId(tenant), conversation);
    }

    private async Task<FlowPlace> StartFlowAsync(int customer = 0)
    {
        (TenantId tenant, Guid conversation) = await ConversationAsync(customer);
        FlowId? started = await new StartFlow(_world.Database.App).RunAsync(
            tenant, "reengagement", new ConversationId(conversation),
            """{"kind":"went_silent","lastInboundAt":"2026-11-01T00:00:00Z","sentThisMonth":0}""",
            CancellationToken.None);
        return new FlowPlace(tenant.Value, started!.Value.Value, "reengagement");
    }

    private async Task<List<string>> InstancesAsync()
    {
        List<string> all = [];
        await foreach (OrchestrationMetadata one in _world.Host.Durable.GetAllInstancesAsync()) all.Add(one.InstanceId);
        all.Sort(StringComparer.Ordinal);
        return all;
    }
}
