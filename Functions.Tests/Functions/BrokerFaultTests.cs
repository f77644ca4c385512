using System.Net;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Intake;
using Vellarys.Messaging;
using Vellarys.Tests.Functions.Amqp;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>
/// A message's whole way while the broker does what brokers do: whatever happens, nothing is lost, nothing is answered
/// twice, and each conversation keeps its order.
/// </summary>
public sealed class BrokerFaultTests : IAsyncLifetime
{
    private const string Inbound = "message-processing";
    private const int Customers = 8;
    private const int Each = 5;
    private FunctionsWorld _world = null!;

    // Locks that nobody renews or settles run out while the test looks on.
    public async Task InitializeAsync() => _world = await FunctionsWorld.OpenAsync(
        new() { LockDuration = TimeSpan.FromSeconds(4), MaxDeliveryCount = 50 });

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(AmqpFaults.Disabled)]
    [InlineData(AmqpFaults.Full)]
    [InlineData(AmqpFaults.ServerBusy)]
    public async Task Webhook_BrokerTakesNothing_IsRefusedAndAcceptedOnceItDoes(string condition)
    {
        _world.Broker.Faults.OnSend = entity => entity == Inbound ? condition : null;

        HttpStatusCode? refused = null;
        // On a busy machine the answer may come after the provider has hung up: it asks again.
        for (int attempt = 0; refused is null && attempt < 6; attempt++)
            refused = await _world.Customers.TryWriteAsync("5511987654321", "wamid.1", "Oi! [ref:1]");
        int accepted = _world.Broker[Inbound].Count;
        _world.Broker.Faults.OnSend = _ => null;
        await _world.Customers.WriteAsync("5511987654321", "wamid.1", "Oi! [ref:1]");

        await _world.RestAsync(1);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 0), (refused, accepted));
        await _world.AssertOnceInOrderAsync(1, 1);
    }

    [Fact]
    public async Task Sends_EveryThirdIsRefused_NothingIsLostOrDoubled()
    {
        int sends = 0;
        _world.Broker.Faults.OnSend = entity =>
            entity != "flow-events" && Interlocked.Increment(ref sends) % 3 == 0 ? AmqpFaults.Disabled : null;

        await WriteAllAsync();
        _world.Broker.Faults.OnSend = _ => null;
        await RelayUntilRestAsync();

        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Fact]
    public async Task Replies_QueueFullForAWhile_WaitInTheOutbox()
    {
        _world.Broker.Faults.OnSend = entity => entity == "message-delivery" ? AmqpFaults.Full : null;
        await WriteAllAsync();
        await _world.UntilAsync("select count(*) > 0 from queue_messages where queue = 'message-delivery'");

        _world.Broker.Faults.OnSend = _ => null;
        await RelayUntilRestAsync();

        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Theory]
    [InlineData(SettleFault.CutBefore, 13, 5)]
    [InlineData(SettleFault.CutAfter, 13, 5)]
    [InlineData(SettleFault.LockLost, 3, 100)]
    [InlineData(SettleFault.Doubled, 3, 100)]
    internal async Task Settlements_GoWrong_NothingIsLostOrDoubled(SettleFault fault, int every, int atMost)
    {
        int settlements = 0;
        int faults = 0;
        _world.Broker.Faults.OnSettle = _ =>
            Interlocked.Increment(ref settlements) % every == 0 && Interlocked.Increment(ref faults) <= atMost
                ? fault
                : SettleFault.None;

        await WriteAllAsync();
        await RelayUntilRestAsync();

        Assert.True(faults > 0, "nothing went wrong");
        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Fact]
    public async Task Deliveries_ShuffledAndDoubled_KeepEachConversationsOrder()
    {
        int settlements = 0;
        _world.Broker.Faults.IsShuffled = true;
        _world.Broker.Faults.OnSettle = _ =>
            Interlocked.Increment(ref settlements) % 4 == 0 ? SettleFault.Doubled : SettleFault.None;

        await WriteAllAsync();
        await RelayUntilRestAsync();

        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Fact]
    public async Task Message_HeldByAWorkerThatDied_IsNotOvertakenByTheNextOnes()
    {
        _world.Broker[Inbound].HoldNext();
        foreach (int n in (int[])[1, 2, 2, 3])
            await _world.Customers.WriteAsync("5511987654321", $"wamid.{n}", $"mensagem {n} [ref:{n}]");

        await _world.RestAsync(3);

        await _world.AssertOnceInOrderAsync(1, 3);
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        Assert.Equal(
            ["wamid.1", "wamid.2", "wamid.3"],
            await owner.QueryAsync<string>("select external_id from messages where role = 'cliente' order by seq"));
    }

    [Fact]
    public async Task Messages_AcceptedHoursAgo_AreNotOvertakenBecauseOfTheirAge()
    {
        _world.Broker[Inbound].HoldNext();
        IMessageQueue queue = _world.Host.Services.GetRequiredService<IMessageQueue>();
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        (Guid tenant, Guid channel) = await owner.QuerySingleAsync<(Guid, Guid)>("select tenant_id, id from channels");
        DateTimeOffset then = TimeProvider.System.GetUtcNow().AddHours(-3);
        foreach (int n in (int[])[1, 2, 3])
            await queue.SendAsync([Accepted(tenant, channel, n, then)], CancellationToken.None);

        await _world.RestAsync(3);

        Assert.Equal(
            ["wamid.1", "wamid.2", "wamid.3"],
            await owner.QueryAsync<string>("select external_id from messages where role = 'cliente' order by seq"));
    }

    [Fact]
    public async Task Message_AfterOneThatTheBrokerGaveUp_GoesOn()
    {
        await _world.Customers.WriteAsync("5511987654321", "wamid.1", "Oi! [ref:1]");
        await _world.RestAsync(1);
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        (Guid tenant, Guid channel) = await owner.QuerySingleAsync<(Guid, Guid)>("select tenant_id, id from channels");
        IMessageQueue queue = _world.Host.Services.GetRequiredService<IMessageQueue>();
        QueueMessage good = Accepted(tenant, channel, 2, TimeProvider.System.GetUtcNow());
        QueueMessage broken = new(good.Queue, Ids.New(TimeProvider.System), "{}")
        {
            Tenant = good.Tenant, Subject = "wamid.broken", OrderKey = good.OrderKey,
        };

        await queue.SendAsync([broken], CancellationToken.None);
        await queue.SendAsync([good], CancellationToken.None);

        await _world.RestAsync(2);
        await _world.UntilAsync("select count(*) = 1 from queue_dead_letters where subject = 'wamid.broken'");
    }

    [Fact]
    public async Task Locks_RunOutUnderTheirHolders_NothingIsLostOrDoubled()
    {
        Task writing = WriteAllAsync();
        while (!writing.IsCompleted)
        {
            foreach (string entity in FunctionsWorld.Entities) _world.Broker[entity].LoseLocks();
            await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System));
        }

        await writing;
        await RelayUntilRestAsync();

        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    [Fact]
    public async Task Connections_CutWhileCustomersWrite_NothingIsLostOrDoubled()
    {
        int cuts = 0;
        Task writing = WriteAllAsync();
        while (!writing.IsCompleted && cuts++ < 5)
        {
            _world.Broker.Cut();
            await Task.WhenAny(writing, Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System));
        }

        await writing;
        await RelayUntilRestAsync();

        await _world.AssertOnceInOrderAsync(Customers, Each);
    }

    // Each writes its next message once the one before it was accepted, as a provider delivers them.
    private Task WriteAllAsync() => Task.WhenAll(Enumerable.Range(0, Customers).Select(async customer =>
    {
        for (int n = 1; n <= Each; n++)
        {
            await _world.Customers.WriteAsync(
                $"551190000{customer:0000}", $"wamid.{customer}.{n}", $"mensagem {n} [ref:{n}]");
        }
    }));

    // As a webhook made it at that time.
    private static QueueMessage Accepted(Guid tenant, Guid channel, int n, DateTimeOffset at)
    {
        InboundEvent happened = new()
        {
            Tenant = tenant, Channel = channel, Kind = InboundKind.Message, EventId = $"wamid.{n}", ReceivedAt = at,
            SentAt = at, Address = "5511987654321", Identities = [new IdentityKey("phone", "5511987654321")],
            Text = $"mensagem {n} [ref:{n}]",
        };
        string body = JsonSerializer.Serialize(happened, InboundEventJson.Default.InboundEvent);
        return new QueueMessage(Inbound, Guid.CreateVersion7(at), body)
        {
            Tenant = new TenantId(tenant), Subject = happened.EventId, OrderKey = InboundOrder.KeyOf(happened),
        };
    }

    private async Task RelayUntilRestAsync()
    {
        Task rest = _world.RestAsync(Customers * Each);
        while (!rest.IsCompleted)
        {
            await _world.RelayLaterAsync();
            await Task.WhenAny(rest, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        }

        await rest;
    }
}
