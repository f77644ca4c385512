using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Postgres;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>
/// What only the PostgreSQL queue has: rows born leased, wake-ups by NOTIFY, leases of dead processes.
/// </summary>
public sealed class PostgresQueueTests : IAsyncLifetime
{
    private const string Queue = Queues.MessageProcessing;
    private static readonly TimeProvider Time = TimeProvider.System;
    private readonly Arrivals _arrivals = new();
    private PostgresTransport _transport = null!;

    public async Task InitializeAsync() => _transport = await PostgresTransport.CreateAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task SendAsync_ConsumerHasRoom_RowIsBornLeasedAndHandedOverOnce()
    {
        var release = new TaskCompletionSource();
        await using PostgresProcess process = await StartAsync(new(), async received =>
        {
            _arrivals.Add(received);
            await release.Task;
        });
        await IdleAsync(process);
        QueueMessage sent = Message();

        await process.Queue.SendAsync([sent, sent], default);
        await process.Queue.SendAsync([sent], default);
        await _arrivals.ReachedAsync(1);

        Assert.Equal((process.Id, (short)1), await LeaseAsync(sent.Id));
        process.Get<LocalConsumers>().WakeAll();
        release.SetResult();
        await process.StopAsync();
        Assert.Equal([sent.Id], _arrivals.Ids);
        Assert.Equal(0L, await ScalarAsync<long>("select count(*) from queue_messages"));
    }

    [Fact]
    public async Task SendAsync_MoreThanThereIsRoomFor_HandsOverTheFirstAndLeasesTheRestInOrder()
    {
        QueueOptions options = new() { MaxConcurrency = 10 };
        await using PostgresProcess process = await StartAsync(options, async received =>
        {
            _arrivals.Add(received);
            await Task.Yield();
        });
        await IdleAsync(process);
        List<QueueMessage> sent = [.. Enumerable.Range(0, 500).Select(_ => Message())];

        await process.Queue.SendAsync(sent, default);
        await _arrivals.ReachedAsync(500);

        Assert.Equal(sent.Select(m => m.Id), _arrivals.Ids);
    }

    /// <summary>What it leased before that, nobody could release at its death.</summary>
    [Fact]
    public async Task Start_BeforeOthersKnowOfTheProcess_LeasesNothing()
    {
        QueueMessage sent = Message();
        await _transport.Sender.SendAsync([sent], default);
        await using NpgsqlConnection owner = await _transport.Database.Owner.OpenConnectionAsync();
        await using NpgsqlTransaction held = await owner.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("lock table queue_consumers in share row exclusive mode", owner))
            await hold.ExecuteNonQueryAsync();

        Task<PostgresProcess> start = StartAsync(new(), received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });
        while (!await ScalarAsync<bool>(
            "select exists (select from pg_locks where relation = 'queue_consumers'::regclass and not granted)"))
            await Task.Yield();
        Assert.False(start.IsCompleted);
        Assert.Empty(_arrivals.Ids);

        await held.CommitAsync();
        await using PostgresProcess process = await start;
        await _arrivals.ReachedAsync(1);
        Assert.Equal([sent.Id], _arrivals.Ids);
        Assert.True(await ScalarAsync<bool>("select exists (select from queue_consumers)"));
    }

    [Fact]
    public async Task Reserve_WhileABacklogWaits_IsRefused()
    {
        var release = new TaskCompletionSource();
        await using PostgresProcess process = await StartAsync(new() { MaxConcurrency = 4 }, async received =>
        {
            _arrivals.Add(received);
            await release.Task;
        });
        await IdleAsync(process);
        using (Reservation idle = process.Outbox.Reserve(Queue, 100)) Assert.Equal(4, idle.Count);

        await _transport.Sender.SendAsync([.. Enumerable.Range(0, 50).Select(_ => Message())], default);
        await _arrivals.ReachedAsync(4);

        using (Reservation busy = process.Outbox.Reserve(Queue, 1)) Assert.Equal(0, busy.Count);
        release.SetResult();
        await _arrivals.ReachedAsync(50);
    }

    [Fact]
    public async Task SendAsync_WhilePlacesComeAndGo_NewMessagesDoNotOvertakeWaitingOnes()
    {
        using var places = new SemaphoreSlim(0);
        await using PostgresProcess process = await StartAsync(new() { MaxConcurrency = 2 }, async received =>
        {
            _arrivals.Add(received);
            await places.WaitAsync();
        });
        await IdleAsync(process);
        List<QueueMessage> sent = [.. Enumerable.Range(0, 300).Select(_ => Message())];

        for (int i = 0; i < sent.Count; i++)
        {
            if (i > 10) places.Release();
            await process.Queue.SendAsync([sent[i]], default);
        }

        places.Release(20);
        await _arrivals.ReachedAsync(300);

        Assert.Equal(sent.Select(m => m.Id), _arrivals.Ids);
    }

    [Fact]
    public async Task SendAsync_IdThatIsScheduledAlready_IsNotHandedOverEarly()
    {
        await using PostgresProcess process = await StartAsync(new(), received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });
        await IdleAsync(process);
        QueueMessage scheduled = Message() with { NotBefore = Time.GetUtcNow().AddHours(1) };
        QueueMessage next = Message();

        await process.Queue.SendAsync([scheduled], default);
        await process.Queue.SendAsync([scheduled with { NotBefore = null }], default);
        await process.Queue.SendAsync([next], default);
        await _arrivals.ReachedAsync(1);
        await process.StopAsync();

        Assert.Equal([next.Id], _arrivals.Ids);
    }

    [Fact]
    public async Task Outbox_CommittedTransaction_SettlesAndHandsOver()
    {
        List<Guid> order = [];
        PostgresProcess? process = null;
        QueueMessage followUp = new(Queues.AiResponse, Ids.New(Time), "{}");
        QueueMessage later = new(Queues.AiResponse, Ids.New(Time), "{}") { NotBefore = Time.GetUtcNow().AddHours(1) };
        process = await _transport.StartAsync(new(), 10, new Handler(Queue, async (received, stop) =>
        {
            IOutbox outbox = process!.Outbox;
            using Reservation reservation = outbox.Reserve(Queues.AiResponse, 2);
            await using (NpgsqlBatch batch = process.Pool.CreateBatch())
            {
                batch.BatchCommands.Add(WorkerScope.Command());
                batch.BatchCommands.Add(outbox.InsertCommand([followUp, later], reservation));
                batch.BatchCommands.Add(outbox.CompleteCommand([received])!);
                await batch.ExecuteNonQueryAsync(stop);
            }

            await outbox.CommittedAsync(reservation, [followUp, later], [received]);
            order.Add(received.Message.Id);
        }), new Handler(Queues.AiResponse, (received, _) =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        }));
        await IdleAsync(process);

        QueueMessage sent = Message();
        await process.Queue.SendAsync([sent], default);
        await _arrivals.ReachedAsync(1);
        await process.StopAsync();

        Assert.Equal([sent.Id], order);
        Assert.Equal([followUp.Id], _arrivals.Ids);
        Assert.Equal(later.Id, await ScalarAsync<Guid>("select id from queue_messages"));
        Assert.Equal(2L, await ScalarAsync<long>("select sum(completed)::bigint from queue_totals"));
    }

    [Fact]
    public async Task Outbox_RolledBackTransaction_LeavesTheRoomToOthers()
    {
        await using PostgresProcess process = await StartAsync(new() { MaxConcurrency = 1 }, received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });
        await IdleAsync(process);

        using (Reservation lost = process.Outbox.Reserve(Queue, 1)) Assert.Equal(1, lost.Count);
        QueueMessage sent = Message();
        await process.Queue.SendAsync([sent], default);
        await _arrivals.ReachedAsync(1);

        Assert.Equal([sent.Id], _arrivals.Ids);
    }

    [Fact]
    public async Task BornLeased_ProcessDiesBeforeTheHandOver_ComesToAnother()
    {
        // Longer than any patience: only the dead session can be what frees the message.
        QueueOptions options = new() { LockDuration = TimeSpan.FromHours(1) };
        PostgresProcess doomed = await StartAsync(options, _ => Task.CompletedTask);
        await IdleAsync(doomed);
        QueueMessage sent = Message();
        Reservation reservation = doomed.Outbox.Reserve(Queue, 1);
        await using (NpgsqlBatch batch = doomed.Pool.CreateBatch())
        {
            batch.BatchCommands.Add(WorkerScope.Command());
            batch.BatchCommands.Add(doomed.Outbox.InsertCommand([sent], reservation));
            await batch.ExecuteNonQueryAsync();
        }

        Assert.Equal(doomed.Id, (await LeaseAsync(sent.Id)).Owner);
        await doomed.KillAsync();
        await using PostgresProcess heir = await StartAsync(new(), received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });
        await _arrivals.ReachedAsync(1);

        Assert.Equal([sent.Id], _arrivals.Ids);
        Assert.Equal(0L, await ScalarAsync<long>($"select count(*) from queue_consumers where id = '{doomed.Id}'"));
    }

    [Fact]
    public async Task SendAsync_ConsumerInAnotherProcessThatNeverPolls_IsWokenByNotify()
    {
        QueueOptions options = new() { IdlePoll = TimeSpan.FromHours(1) };
        await using PostgresProcess process = await StartAsync(options, received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });
        await IdleAsync(process);

        for (int i = 1; i <= 20; i++)
        {
            await _transport.Sender.SendAsync([Message()], default);
            await _arrivals.ReachedAsync(i);
        }

        Assert.Equal(20, _arrivals.All.Count);
    }

    [Fact]
    public async Task ListeningSession_Broken_IsMadeAgainAndRegistered()
    {
        QueueOptions options = new() { IdlePoll = TimeSpan.FromHours(1) };
        await using PostgresProcess process = await StartAsync(options, received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });
        await IdleAsync(process);
        int before = await ScalarAsync<int>("select backend_pid from queue_consumers");

        await ScalarAsync<bool>("select pg_terminate_backend(backend_pid) from queue_consumers");
        await UntilAsync(async () => await ScalarAsync<int>("select backend_pid from queue_consumers") != before);
        await _transport.Sender.SendAsync([Message()], default);
        await _arrivals.ReachedAsync(1);

        Assert.Single(_arrivals.All);
    }

    [Fact]
    public async Task Scheduled_DueWhileEveryPlaceIsTaken_StartsWhenOneIsFree()
    {
        var release = new TaskCompletionSource();
        QueueOptions options = new() { IdlePoll = TimeSpan.FromHours(1), MaxConcurrency = 1 };
        await using PostgresProcess process = await StartAsync(options, async received =>
        {
            _arrivals.Add(received);
            await release.Task;
        });
        await IdleAsync(process);
        QueueMessage scheduled = Message() with { NotBefore = Time.GetUtcNow().AddSeconds(3) };
        await process.Queue.SendAsync([scheduled], default);
        await IdleAsync(process);
        QueueMessage blocking = Message();
        await process.Queue.SendAsync([blocking], default);
        await _arrivals.ReachedAsync(1);

        await UntilAsync(() => ScalarAsync<bool>(
            $"select due_at < now() - interval '100 ms' from queue_messages where id = '{scheduled.Id}'"));
        release.SetResult();
        await _arrivals.ReachedAsync(2);

        Assert.Equal([blocking.Id, scheduled.Id], _arrivals.Ids);
    }

    [Fact]
    public async Task SendAsync_BodyThatPostgresRefuses_HarmsNobodyElse()
    {
        List<QueueMessage> sent = [.. Enumerable.Range(0, 50).Select(_ => Message())];
        sent[17] = sent[17] with { Body = "{\"text\":\"\0\"}" };

        Task[] sends = [.. sent.Select(m => _transport.Sender.SendAsync([m], default))];
        PermanentFault fault = await Assert.ThrowsAsync<PermanentFault>(() => sends[17]);
        await Task.WhenAll(sends.Where((_, i) => i != 17));

        Assert.Equal("message_refused", fault.Code);
        Assert.Equal(49L, await ScalarAsync<long>("select count(*) from queue_messages"));
    }

    [Fact]
    public async Task Deliveries_WithoutAnyOutcome_EndAsADeadLetter()
    {
        QueueMessage sent = Message();
        await _transport.Sender.SendAsync([sent], default);
        await ExecuteAsync("update queue_messages set attempts = 10");
        await using PostgresProcess process = await StartAsync(new(), received =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        });

        await UntilAsync(async () => (await _transport.DeadLettersAsync(Queue)).Count == 1);

        Assert.Equal("deliveries_exhausted", (await _transport.DeadLettersAsync(Queue))[0].Code);
        Assert.Empty(_arrivals.All);
    }

    [Fact]
    public async Task PoolExhausted_UnderLoad_NothingIsLostAndTheQueueDrains()
    {
        await using PostgresProcess process = await _transport.StartAsync(new(), 6, new Handler(Queue, (received, _) =>
        {
            _arrivals.Add(received);
            return Task.CompletedTask;
        }));
        await IdleAsync(process);
        List<QueueMessage> sent = [.. Enumerable.Range(0, 400).Select(_ => Message())];
        await Task.WhenAll(sent[..100].Select(m => process.Queue.SendAsync([m], default)));

        List<NpgsqlConnection> held = [];
        for (int i = 0; i < 6; i++) held.Add(await OpenAsync(process.Pool));
        Task<bool>[] refused = [.. sent[100..].Select(m => RefusedAsync(process.Queue, m))];
        Assert.All(await Task.WhenAll(refused), Assert.True);
        foreach (NpgsqlConnection connection in held) await connection.DisposeAsync();
        // What was not accepted is sent again by the provider.
        await Task.WhenAll(sent[100..].Select(m => process.Queue.SendAsync([m], default)));
        await UntilAsync(async () => await ScalarAsync<long>("select count(*) from queue_messages") == 0);

        Assert.Equal(sent.Select(m => m.Id), _arrivals.Ids.Distinct().Order());
    }

    private static async Task<bool> RefusedAsync(IMessageQueue queue, QueueMessage message)
    {
        try
        {
            await queue.SendAsync([message], default);
            return false;
        }
        catch (TransientFault e)
        {
            return e.Code == "queue_unavailable";
        }
    }

    // Settling and leasing compete for the pool too; one of them may hold a connection for a moment.
    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource pool)
    {
        while (true)
        {
            try
            {
                return await pool.OpenConnectionAsync();
            }
            catch (NpgsqlException)
            {
                await Task.Yield();
            }
        }
    }

    private static QueueMessage Message() => new(Queue, Ids.New(Time), "{\"v\":1}");

    private Task<PostgresProcess> StartAsync(QueueOptions options, Func<ReceivedMessage, Task> handle) =>
        _transport.StartAsync(options, 10, new Handler(Queue, (received, _) => handle(received)));

    /// <summary>Listening, and done with its first look into the table.</summary>
    private async Task IdleAsync(PostgresProcess process)
    {
        await UntilAsync(async () =>
            await ScalarAsync<long>($"select count(*) from queue_consumers where id = '{process.Id}'") == 1);
        await UntilAsync(() => Task.FromResult(process.Get<LocalConsumers>().All.All(c =>
        {
            int room = c.Reserve(1);
            c.Release(room);
            return room == 1;
        })));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Arrivals.Patience);
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), Time, patience.Token);
    }

    private async Task<(Guid Owner, short Attempts)> LeaseAsync(Guid id)
    {
        await using NpgsqlCommand command = _transport.Database.Owner.CreateCommand(
            "select locked_by, attempts from queue_messages where id = $1 and due_at > now()");
        command.Parameters.Add(new() { Value = id });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        return (row.GetGuid(0), row.GetInt16(1));
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = _transport.Database.Owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _transport.Database.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
