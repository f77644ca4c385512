namespace Vellarys.Tests.Messaging.Broker;

/// <summary>The engine's side of Service Bus, on a stand-in for the broker itself.</summary>
public sealed class BrokerQueueContractTests : QueueContractTests
{
    private protected override Task<IQueueTransport> TransportAsync() => CreateAsync();

    private static async Task<IQueueTransport> CreateAsync() => await BrokerTransport.CreateAsync();
}
