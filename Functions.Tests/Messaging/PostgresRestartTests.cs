using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Storage.Schema;
using Xunit;

namespace Vellarys.Tests.Messaging;

public sealed class PostgresRestartTests
{
    private const string Queue = Queues.MessageProcessing;
    private const int Total = 4000;

    [Fact]
    public async Task Server_CrashesUnderLoad_LosesNothingThatWasAccepted()
    {
        await using PrivateCluster cluster = await PrivateCluster.StartAsync();
        StorageOptions storage = new() { Url = cluster.Url };
        await new Migrator(storage, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(Connections.Owner(storage));
        QueueOptions options = new() { LockDuration = TimeSpan.FromSeconds(3), MaxConcurrency = 20 };
        var effects = new ConcurrentDictionary<Guid, int>();
        var half = new TaskCompletionSource();
        IMessageHandler Handler() => new Handler(Queue, async (received, _) =>
        {
            await Task.Yield();
            effects.AddOrUpdate(received.Message.Id, 1, (_, n) => n + 1);
            if (effects.Count >= Total / 4) half.TrySetResult();
        });
        await using PostgresProcess one = await PostgresProcess.StartAsync(storage, options, 10, Handler());
        await using PostgresProcess two = await PostgresProcess.StartAsync(storage, options, 10, Handler());
        QueueMessage[] sent =
            [
                .. Enumerable.Range(0, Total)
                    .Select(_ => new QueueMessage(Queue, Ids.New(TimeProvider.System), "{\"v\":1}")),
            ];

        Task sends = Task.WhenAll(
            sent.Chunk(Total / 20).Select((chunk, i) => SendAllAsync((i % 2 == 0 ? one : two).Queue, chunk)));
        await half.Task.WaitAsync(Arrivals.Patience);
        await cluster.PowerOffAsync();
        await cluster.PowerOnAsync();
        await sends.WaitAsync(Arrivals.Patience);
        await EmptyAsync(owner);

        Assert.Equal(sent.Select(m => m.Id), effects.Keys.Order());
        Assert.Empty(await one.DeadLetters.ListAsync(null, null, null, 10, default));
    }

    // As a provider does: what was not accepted is sent again, under the same id.
    private static async Task SendAllAsync(IMessageQueue queue, QueueMessage[] messages)
    {
        foreach (QueueMessage message in messages)
        {
            while (!await TrySendAsync(queue, message))
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static async Task<bool> TrySendAsync(IMessageQueue queue, QueueMessage message)
    {
        try
        {
            await queue.SendAsync([message], default);
            return true;
        }
        catch (TransientFault)
        {
            return false;
        }
    }

    private static async Task EmptyAsync(NpgsqlDataSource owner)
    {
        using var patience = new CancellationTokenSource(Arrivals.Patience);
        while (true)
        {
            await using NpgsqlCommand count = owner.CreateCommand("select count(*) from queue_messages");
            if (await count.ExecuteScalarAsync(patience.Token) is 0L) return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }
}
