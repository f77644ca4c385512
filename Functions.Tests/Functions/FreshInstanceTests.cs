using Azure.Messaging.ServiceBus;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Functions.Messaging;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Functions.Amqp;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>An instance that the platform has just added, or that runs beside those of another release.</summary>
public sealed class FreshInstanceTests : IAsyncLifetime
{
    private FunctionsWorld _world = null!;

    public async Task InitializeAsync() => _world = await FunctionsWorld.OpenAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task FirstWebhook_TenantsAndChannelsAreLoaded_NeedsNoDatabase()
    {
        await using NpgsqlConnection admin = await _world.Database.Owner.OpenConnectionAsync();
        await admin.ExecuteAsync($"alter database {_world.Database.Name} connection limit 0");
        try
        {
            await admin.ExecuteAsync(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where usename = 'vellarys_app' and datname = current_database()
                """);
            // Throws unless it is taken.
            await _world.Customers.WriteAsync("5511987654321", "wamid.first", "Oi! [ref:1]");
        }
        finally
        {
            await admin.ExecuteAsync($"alter database {_world.Database.Name} connection limit -1");
        }

        await _world.RestAsync(1);
        await _world.AssertOnceInOrderAsync(1, 1);
    }

    [Theory]
    [InlineData(Queues.MessageProcessing)]
    [InlineData(Queues.AiResponse)]
    [InlineData(Queues.MessageDelivery)]
    [InlineData(Queues.NpsSurvey)]
    [InlineData(Queues.FlowEvents)]
    public async Task Message_OfANewerRelease_IsLeftToItUncounted(string queue)
    {
        int settled = 0;
        _world.Broker.Faults.OnSettle = entity =>
        {
            if (entity == queue) Interlocked.Increment(ref settled);
            return SettleFault.None;
        };
        string body = $$"""{"v":2,"tenant":"{{Ids.New(TimeProvider.System)}}","new":true}""";
        QueueMessage newer = new(queue, Ids.New(TimeProvider.System), body);
        await _world.Host.Services.GetRequiredService<IMessageQueue>().SendAsync([newer], default);
        await _world.UntilAsync("select true", () => Volatile.Read(ref settled) > 0);

        // The newer release comes: one of its instances listens too.
        await using ServiceBusReceiver arrived = _world.Client.CreateReceiver(queue);
        ServiceBusReceivedMessage? message = null;
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(2));
        while (message is null)
            message = await arrived.ReceiveMessageAsync(TimeSpan.FromSeconds(10), patience.Token);
        BrokerMessage found = ServiceBusReceived.Read(message);
        await arrived.CompleteMessageAsync(message);

        Assert.Equal((newer.Id, body, 1), (found.Message.Id, found.Message.Body, found.Attempt));
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        Assert.Equal(0, await owner.ExecuteScalarAsync<int>("select count(*) from queue_dead_letters"));
    }
}
