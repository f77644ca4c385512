using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>The queue in PostgreSQL, which promises an order as well.</summary>
public sealed class PostgresQueueContractTests : QueueContractTests
{
    private protected override async Task<IQueueTransport> TransportAsync() => await PostgresTransport.CreateAsync();

    [Fact]
    public async Task Start_BacklogInOrder_IsStartedInOrder()
    {
        List<QueueMessage> sent = Messages(700);
        foreach (QueueMessage[] chunk in sent.Chunk(70)) await Sender.SendAsync(chunk, default);
        await using IQueueProcess process = await StartAsync(async (received, _) =>
        {
            Arrived.Add(received);
            await Task.Yield();
        });

        await Arrived.ReachedAsync(sent.Count);

        Assert.Equal(sent.Select(m => m.Id), Arrived.Ids);
    }

    [Fact]
    public async Task SendAsync_OneAfterAnotherToARunningProcess_IsStartedInOrder()
    {
        await using IQueueProcess process = await StartAsync(async (received, _) =>
        {
            Arrived.Add(received);
            await Task.Yield();
        });
        List<QueueMessage> sent = Messages(500);

        foreach (QueueMessage message in sent) await process.Queue.SendAsync([message], default);
        await Arrived.ReachedAsync(sent.Count);

        Assert.Equal(sent.Select(m => m.Id), Arrived.Ids);
    }
}
