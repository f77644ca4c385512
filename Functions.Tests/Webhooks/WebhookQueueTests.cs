using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Messaging;
using Vellarys.Tests.Secrets;
using Vellarys.Tests.Support;
using Vellarys.Webhooks;
using Vellarys.Webhooks.Endpoints;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>Calls with the real queue beneath them, and with hosts that die.</summary>
public sealed class WebhookQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Endpoint_ThatHangs_TakesNoPlacesFromAnother()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Receiver slow = await Receiver.StartAsync();
        await using Receiver fast = await Receiver.StartAsync();
        TaskCompletionSource<int> released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        slow.Answer = _ => released.Task;
        FixedDirectory tenants = new();
        TenantId tenant = tenants.AddTenant(new() { QuietMs = 0 }).Id;
        await tenants.StoreAsync(database.Owner);
        await using ServiceProvider services = WebhookStage.Services(
            database, tenants, new ThrowingCrashPoints(), "0:0:1,0:0:1");
        await SubscribeAsync(services, tenant, slow.Url);
        await SubscribeAsync(services, tenant, fast.Url);
        await TellAsync(database, tenant, 60);

        // Six places in all, four of which the slow one may hold.
        await using PostgresProcess process = await PostgresProcess.StartAsync(
            database.Options(), new QueueOptions { MaxConcurrency = 6 }, 10,
            services.GetServices<IMessageHandler>().Single());
        await UntilAsync(() => fast.Taken.Count() == 60);
        Assert.Empty(slow.Taken);
        Assert.InRange(slow.Calls.Count, 1, 4);
        // What it cannot be told yet lies in the books, and the queue has no more of it than is under way.
        await using NpgsqlConnection owner = await database.Owner.OpenConnectionAsync();
        await UntilAsync(() => owner.ExecuteScalar<long>(
            "select count(*) from webhook_deliveries where state = 'waiting'") == 56);
        await UntilAsync(() => owner.ExecuteScalar<long>("select count(*) from queue_messages") <= 4);
        released.SetResult(204);
        await UntilAsync(() => slow.Taken.Select(c => c.Id).Distinct().Count() == 60);
        await process.StopAsync();
    }

    [Fact]
    public async Task Receiver_DownAndHostKilledMidway_EveryEventArrivesUnderItsId()
    {
        const int Events = 30;
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(503);
        FixedDirectory tenants = new();
        TenantId tenant = tenants.AddTenant(new() { QuietMs = 0 }).Id;
        await tenants.StoreAsync(database.Owner);
        string secret;
        await using (ServiceProvider services = WebhookStage.Services(
            database, tenants, new ThrowingCrashPoints(), "0:0:1"))
            secret = await SubscribeAsync(services, tenant, receiver.Url);
        await TellAsync(database, tenant, Events);

        // The first is killed while everything fails, the second between a call that was taken and its entry.
        Dictionary<string, string> settings = new(
            from pair in Rings.Settings("k1")
            select KeyValuePair.Create(pair.Key.Replace(":", "__", StringComparison.Ordinal), pair.Value!))
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["VELLARYS_API_KEY"] = "a-key-of-the-tests",
            ["Webhooks__AllowLocal"] = "true",
            ["Webhooks__RetryDelays"] = string.Join(',', Enumerable.Repeat("00:00:01", 50)),
            ["Messaging__Queues__webhook-delivery__LockDuration"] = "00:00:02",
        };
        await using (HostProcess first = HostProcess.Start(HostProcess.FreePort(), settings))
        {
            await UntilAsync(() => receiver.Calls.Count > Events || first.HasExited);
            Assert.False(first.HasExited, first.Output);
            await first.KillAsync();
        }

        receiver.Answer = _ => Task.FromResult(204);
        settings["VELLARYS_CRASH_AT"] = "webhook:after-call:10";
        await using (HostProcess second = HostProcess.Start(HostProcess.FreePort(), settings))
            await second.Exited.WaitAsync(Patience, TimeProvider.System);
        settings.Remove("VELLARYS_CRASH_AT");
        await using HostProcess third = HostProcess.Start(HostProcess.FreePort(), settings);
        await using NpgsqlConnection owner = await database.Owner.OpenConnectionAsync();
        await UntilAsync(() => owner.ExecuteScalar<long>(
            "select count(*) from webhook_deliveries where state = 'delivered'") == Events || third.HasExited);

        Guid[] ids = [.. await owner.QueryAsync<Guid>("select id from webhook_events")];
        Assert.Equal(Events, ids.Length);
        Assert.Equal(ids.Order(), receiver.Taken.Select(c => Guid.Parse(c.Id)).Distinct().Order());
        Assert.Equal(ids.Order(), receiver.Calls.Select(c => Guid.Parse(c.Id)).Distinct().Order());
        Assert.All(receiver.Calls, c => Assert.True(c.IsSignedWith(secret)));
    }

    private static async Task<string> SubscribeAsync(IServiceProvider services, TenantId tenant, string url) =>
        (await services.GetRequiredService<CreateEndpoint>().RunAsync(
            tenant, new EndpointInput(url, null, [.. WebhookEvents.All], null, null, true), default))!.Value.Secret;

    private static async Task TellAsync(TestDatabase database, TenantId tenant, int times)
    {
        await using NpgsqlConnection owner = await database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync(
            """
            select tell_webhooks(@tenant, 'message.sent', null, jsonb_build_object('n', n))
            from generate_series(1, @times) as n
            """,
            new { tenant = tenant.Value, times });
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        while (!holds()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }
}
