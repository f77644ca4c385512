using Vellarys.Tests.Messaging;

namespace Vellarys.Tests.Functions;

/// <summary>
/// The queue's promises with the real client library: over AMQP to the broker of these tests, or, where
/// TEST_SERVICEBUS_CONNECTION holds a connection string, to a namespace or the emulator. That one has to be the tests'
/// own: each empties the queues.
/// </summary>
public sealed class ServiceBusQueueContractTests : QueueContractTests
{
    private protected override Task<IQueueTransport> TransportAsync() => ServiceBusTransport.CreateAsync(
        Environment.GetEnvironmentVariable("TEST_SERVICEBUS_CONNECTION"));
}
