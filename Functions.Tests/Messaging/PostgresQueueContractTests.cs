namespace Vellarys.Tests.Messaging;

public sealed class PostgresQueueContractTests : QueueContractTests
{
    protected override async Task<IQueueTransport> TransportAsync() => await PostgresTransport.CreateAsync();
}
