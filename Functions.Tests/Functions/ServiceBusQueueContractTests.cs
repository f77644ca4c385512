using Vellarys.Tests.Messaging;

namespace Vellarys.Tests.Functions;

/// <summary>
/// The queue's promises on Service Bus. Compiled where TEST_SERVICEBUS holds a connection string, to the emulator or to
/// a namespace of its own: each test empties the queues.
/// </summary>
public sealed class ServiceBusQueueContractTests : QueueContractTests
{
    private protected override Task<IQueueTransport> TransportAsync() =>
        ServiceBusTransport.CreateAsync(Environment.GetEnvironmentVariable("TEST_SERVICEBUS")!);
}
