using Azure.Messaging.ServiceBus;
using Xunit;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>The broker of these tests, asked by the real client library.</summary>
public sealed class AmqpBrokerTests : IAsyncLifetime, IDisposable
{
    private const string Queue = "q";
    private readonly AmqpBroker _broker = AmqpBroker.Start([Queue], new() { MaxDeliveryCount = 3 });
    private ServiceBusClient _client = null!;
    private ServiceBusSender _sender = null!;

    public Task InitializeAsync()
    {
        _client = new ServiceBusClient(_broker.ConnectionString);
        _sender = _client.CreateSender(Queue);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    public void Dispose() => _broker.Dispose();

    [Fact]
    public async Task Complete_HeldMessage_IsGone()
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await _sender.SendMessageAsync(new("one"));

        ServiceBusReceivedMessage message = await receiver.ReceiveMessageAsync();
        await receiver.CompleteMessageAsync(message);

        Assert.Equal(("one", 1, null), (message.Body.ToString(), message.DeliveryCount, message.MessageId));
        Assert.Equal(0, _broker[Queue].Count);
    }

    [Fact]
    public async Task Abandon_AsOftenAsAllowed_IsADeadLetter()
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await using ServiceBusReceiver dead = _client.CreateReceiver(
            Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        await _sender.SendMessageAsync(new("one"));

        for (int delivery = 1; delivery <= 3; delivery++)
        {
            ServiceBusReceivedMessage message = await receiver.ReceiveMessageAsync();
            Assert.Equal(delivery, message.DeliveryCount);
            await receiver.AbandonMessageAsync(message);
        }

        ServiceBusReceivedMessage buried = await dead.ReceiveMessageAsync();
        Assert.Equal(("one", "MaxDeliveryCountExceeded"), (buried.Body.ToString(), buried.DeadLetterReason));
        Assert.Equal((0, 1), (_broker[Queue].Count, _broker[Queue].Dead!.Count));
    }

    [Fact]
    public async Task Defer_HeldMessage_IsHandedOutByItsNumberOnly()
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await _sender.SendMessageAsync(new("one"));
        ServiceBusReceivedMessage message = await receiver.ReceiveMessageAsync();

        await receiver.DeferMessageAsync(message);
        await _sender.SendMessageAsync(new("two"));
        ServiceBusReceivedMessage next = await receiver.ReceiveMessageAsync();
        ServiceBusReceivedMessage again = await receiver.ReceiveDeferredMessageAsync(message.SequenceNumber);
        await receiver.CompleteMessageAsync(again);

        Assert.Equal(("two", "one"), (next.Body.ToString(), again.Body.ToString()));
        Assert.Equal(1, _broker[Queue].Count);
    }

    [Fact]
    public async Task Prefetch_OfAReceiverThatIsSlow_IsHeldForIt()
    {
        await using ServiceBusReceiver greedy = _client.CreateReceiver(
            Queue, new ServiceBusReceiverOptions { PrefetchCount = 20 });
        await _sender.SendMessagesAsync([.. Enumerable.Range(0, 20).Select(i => new ServiceBusMessage($"{i}"))]);

        await greedy.ReceiveMessageAsync();
        for (int i = 1; i < 20; i++) await greedy.CompleteMessageAsync(await greedy.ReceiveMessageAsync());

        Assert.Equal(1, _broker[Queue].Count);
    }

    [Fact]
    public async Task Cut_ClientWithWork_ConnectsAgainAndLosesNothing()
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await _sender.SendMessageAsync(new("one"));
        ServiceBusReceivedMessage held = await receiver.ReceiveMessageAsync();

        _broker.Cut();
        await _sender.SendMessageAsync(new("two"));
        // The link that it came over is gone; the lock is not.
        await receiver.CompleteMessageAsync(held);
        ServiceBusReceivedMessage next = await receiver.ReceiveMessageAsync();

        Assert.Equal("two", next.Body.ToString());
        Assert.Equal(1, _broker[Queue].Count);
    }

    [Theory]
    [InlineData(AmqpFaults.Disabled, ServiceBusFailureReason.MessagingEntityDisabled)]
    [InlineData(AmqpFaults.Full, ServiceBusFailureReason.QuotaExceeded)]
    public async Task Send_Refused_ClientSaysWhy(string condition, ServiceBusFailureReason reason)
    {
        _broker.Faults.OnSend = _ => condition;

        ServiceBusException refused = await Assert.ThrowsAnyAsync<ServiceBusException>(
            () => _sender.SendMessageAsync(new("one")));

        Assert.Equal(reason, refused.Reason);
    }

    [Fact]
    public async Task Settle_LockLost_ClientSaysSoAndTheMessageComesAgain()
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await _sender.SendMessageAsync(new("one"));
        _broker.Faults.OnSettle = _ => SettleFault.LockLost;
        ServiceBusReceivedMessage held = await receiver.ReceiveMessageAsync();

        ServiceBusException refused = await Assert.ThrowsAsync<ServiceBusException>(
            () => receiver.CompleteMessageAsync(held));
        ServiceBusReceivedMessage again = await receiver.ReceiveMessageAsync();

        Assert.Equal(ServiceBusFailureReason.MessageLockLost, refused.Reason);
        Assert.Equal(2, again.DeliveryCount);
    }

    [Fact]
    public async Task Schedule_Cancelled_NeverComes()
    {
        long number = await _sender.ScheduleMessageAsync(new("later"), TimeProvider.System.GetUtcNow().AddHours(1));

        await _sender.CancelScheduledMessageAsync(number);

        await Assert.ThrowsAsync<ServiceBusException>(() => _sender.CancelScheduledMessageAsync(number));
    }
}
