using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Postgres.Consuming;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>One tenant's flood is that tenant's matter: the others are handed out beside it.</summary>
public sealed class TenantFairnessTests : IAsyncLifetime
{
    private const string Queue = Queues.MessageProcessing;
    private static readonly TimeProvider Time = TimeProvider.System;
    private static readonly TimeSpan Lock = TimeSpan.FromSeconds(30);
    private readonly TenantId _noisy = new(Ids.New(Time));
    private readonly TenantId _quiet = new(Ids.New(Time));
    private readonly Arrivals _arrivals = new();
    private PostgresTransport _transport = null!;

    public async Task InitializeAsync() => _transport = await PostgresTransport.CreateAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task Flood_OfOneTenant_TheOthersAreStartedAmongTheFirst()
    {
        List<QueueMessage> flood = Messages(_noisy, 2_000), others = Messages(_quiet, 10);
        await _transport.Sender.SendAsync(flood, default);
        await _transport.Sender.SendAsync(others, default);

        await StartAsync(16, async received =>
        {
            _arrivals.Add(received);
            await Task.Yield();
        });
        await _arrivals.ReachedAsync(2_010);

        List<Guid> started = [.. _arrivals.Ids];
        HashSet<Guid> quiet = [.. others.Select(m => m.Id)];
        Assert.InRange(started.FindLastIndex(quiet.Contains), 0, 600);
        // Each tenant's own order is that of the queue.
        Assert.Equal(others.Select(m => m.Id), started.Where(quiet.Contains));
        Assert.Equal(flood.Select(m => m.Id), started.Where(id => !quiet.Contains(id)));
    }

    [Fact]
    public async Task Flood_OfHandlersThatHang_LeavesPlacesToTheOthers()
    {
        var release = new TaskCompletionSource();
        await using PostgresProcess process = await StartAsync(16, async received =>
        {
            if (received.Message.Tenant == _noisy) await release.Task;
            else _arrivals.Add(received);
        });
        await _transport.Sender.SendAsync(Messages(_noisy, 300), default);
        List<QueueMessage> others = Messages(_quiet, 20);
        await _transport.Sender.SendAsync(others, default);

        await _arrivals.ReachedAsync(20);

        Assert.Equal(others.Select(m => m.Id), _arrivals.Ids);
        release.SetResult();
    }

    [Fact]
    public async Task Flood_UrgentMessageOfTheSameTenant_StillOvertakes()
    {
        await _transport.Sender.SendAsync(Messages(_noisy, 1_000), default);
        QueueMessage urgent = Messages(_noisy, 1)[0] with { Priority = QueuePriority.Urgent };
        var gate = new SemaphoreSlim(0);
        await StartAsync(8, async received =>
        {
            _arrivals.Add(received);
            await gate.WaitAsync();
        });
        await _arrivals.ReachedAsync(7);

        await _transport.Sender.SendAsync([urgent], default);
        gate.Release(1_001);
        await _arrivals.ReachedAsync(1_001);

        Assert.InRange(_arrivals.Ids.ToList().IndexOf(urgent.Id), 1, 600);
    }

    [Fact]
    public async Task Reserve_WholeConsumerFree_KeepsPlacesForOthers()
    {
        await using PostgresProcess process = await StartAsync(16, _ => Task.CompletedTask);
        // The first look into the table is over once a message has come through.
        await process.Queue.SendAsync(Messages(_quiet, 1), default);
        using Reservation reservation = process.Outbox.Reserve(Queue, 100);
        Assert.InRange(reservation.Count, 0, 14);
    }

    [Fact]
    public async Task DequeueOthers_WindowAfterWindow_FindsThemAllOnce()
    {
        List<QueueMessage> sent =
            [.. Enumerable.Range(0, 300).SelectMany(i => Messages(i % 100 == 99 ? _quiet : _noisy, 1))];
        await _transport.Sender.SendAsync(sent, default);
        var store = new LeaseStore(_transport.Database.App, Ids.New(Time));
        var found = new List<Guid>();
        var place = new QueuePlace(ScanWatermarks.Bottom, Guid.Empty);

        for (int looks = 0; looks < 10; looks++)
        {
            LeasedOthers look = await LookAsync(store, place, window: 64, count: 10, most: 5);
            found.AddRange(look.Rows.Select(r => r.Message.Id));
            if (look.End is not { } end || end == place) break;
            place = end;
        }

        Assert.Equal(sent.Where(m => m.Tenant == _quiet).Select(m => m.Id), found);
    }

    [Fact]
    public async Task DequeueOthers_MoreThanTheirShare_SaysWhereTheRestWaits()
    {
        List<QueueMessage> flood = Messages(_noisy, 20), others = Messages(_quiet, 20);
        await _transport.Sender.SendAsync([.. flood, .. others], default);
        var store = new LeaseStore(_transport.Database.App, Ids.New(Time));
        var start = new QueuePlace(ScanWatermarks.Bottom, Guid.Empty);

        LeasedOthers look = await LookAsync(store, start, window: 1_000, count: 100, most: 4);
        LeasedOthers rest = await LookAsync(store, look.Left[_quiet.Value], window: 1, count: 100, most: 4);

        Assert.Equal(others.Take(4).Select(m => m.Id), look.Rows.Select(r => r.Message.Id));
        Assert.Equal(others[4].Id, look.Left[_quiet.Value].Id);
        Assert.Equal([others[4].Id], rest.Rows.Select(r => r.Message.Id));
        Assert.DoesNotContain(_noisy.Value, look.Left.Keys);
    }

    [Fact]
    public async Task DequeueOthers_LooksAtBothEnds_KeepsEachTenantsOrder()
    {
        List<QueueMessage> flood = Messages(_noisy, 20), others = Messages(_quiet, 20);
        await _transport.Sender.SendAsync([.. flood, .. others], default);
        // What is younger than a second may still be joined by others: where nobody has looked begins before it.
        await using NpgsqlCommand age =
            _transport.Database.Owner.CreateCommand("update queue_messages set due_at = due_at - interval '1 hour'");
        await age.ExecuteNonQueryAsync();
        var store = new LeaseStore(_transport.Database.App, Ids.New(Time));
        var crowd = new Crowd(Time);
        crowd.Begin(_noisy, (short)QueuePriority.Normal, ScanWatermarks.Bottom);
        var found = new List<Guid>();

        for (int looks = 0; looks < 20 && found.Count < others.Count; looks++)
        {
            Dictionary<Guid, int> held = new() { [_noisy.Value] = 40, [_quiet.Value] = found.Count };
            foreach (QueuePlace start in crowd.Starts(held, 40))
            {
                LeasedOthers look = await store.DequeueOthersAsync(
                    Queue, (short)QueuePriority.Normal, start, 1_000, 3, (_noisy, 40),
                    crowd.SharesFrom(start, held, 40), Lock);
                crowd.Looked(start, look, look.Now);
                found.AddRange(look.Rows.Select(r => r.Message.Id));
            }
        }

        Assert.Equal(others.Select(m => m.Id), found);
    }

    private Task<LeasedOthers> LookAsync(LeaseStore store, QueuePlace start, int window, int count, int most) =>
        store.DequeueOthersAsync(
            Queue, (short)QueuePriority.Normal, start, window, count, (_noisy, most),
            new Dictionary<Guid, int> { [_noisy.Value] = most }, Lock);

    private Task<PostgresProcess> StartAsync(int places, Func<ReceivedMessage, Task> handle) => _transport.StartAsync(
        new() { MaxConcurrency = places }, 10, new Handler(Queue, (received, _) => handle(received)));

    private static List<QueueMessage> Messages(TenantId tenant, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new QueueMessage(Queue, Ids.New(Time), "{}") { Tenant = tenant }),
    ];
}
