using System.Diagnostics.Metrics;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Postgres;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>Dead letters, counts and instruments: what an operator looks at.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private const string Queue = Queues.CampaignDelivery;
    private static readonly TimeProvider Time = TimeProvider.System;
    private PostgresTransport _transport = null!;
    private PostgresProcess _process = null!;

    public async Task InitializeAsync()
    {
        _transport = await PostgresTransport.CreateAsync();
        _process = await _transport.StartAsync(null, 4);
    }

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task ListAsync_PageByPage_ShowsEachOnceTheLatestFirst()
    {
        await ExecuteAsync(
            """
            insert into queue_dead_letters (id, queue, priority, attempts, subject, body, code, reason, enqueued_at,
                died_at)
            select gen_random_uuid(), case when i <= 100 then 'campaign-delivery' else 'flow-events' end, 1, 3,
                'contact-' || i % 4, '{}', 'c', 'r', now(), now() - (i / 3) * interval '1 s'
            from generate_series(1, 120) i
            """);
        List<DeadLetter> seen = [];
        DeadLetterCursor? cursor = null;
        for (IReadOnlyList<DeadLetter> page; (page = await ListAsync(Queue, null, cursor)).Count > 0;)
        {
            seen.AddRange(page);
            cursor = new(page[^1].DiedAt, page[^1].Id);
        }

        Assert.Equal(100, seen.Select(l => l.Id).Distinct().Count());
        Assert.Equal(100, seen.Count);
        Assert.Equal(seen.OrderByDescending(l => l.DiedAt).Select(l => l.DiedAt), seen.Select(l => l.DiedAt));
        Assert.All(seen, l => Assert.Equal(Queue, l.Queue));
        Assert.Equal(30, (await _process.DeadLetters.ListAsync(null, "contact-1", null, 500, default)).Count);
    }

    [Fact]
    public async Task GetAndPurge_OneLetter_IsThereThenGone()
    {
        Guid id = Ids.New(Time);
        await DieAsync(id);

        Assert.Equal("{\"v\":1}", (await _process.DeadLetters.GetAsync(id, default))?.Body);
        Assert.True(await _process.DeadLetters.PurgeAsync(id, default));
        Assert.False(await _process.DeadLetters.PurgeAsync(id, default));
        Assert.Null(await _process.DeadLetters.GetAsync(id, default));
    }

    [Fact]
    public async Task PurgeAllAsync_OlderThan_SparesTheYoungerOnes()
    {
        await DieAsync(Ids.New(Time));
        await DieAsync(Ids.New(Time));
        await ExecuteAsync(
            """
            update queue_dead_letters set died_at = now() - interval '2 days'
            where id = (select min(id::text)::uuid from queue_dead_letters)
            """);

        Assert.Equal(1, await _process.DeadLetters.PurgeAllAsync(Queue, Time.GetUtcNow().AddDays(-1), default));
        Assert.Single(await ListAsync(Queue, null, null));
    }

    [Fact]
    public async Task Redrive_WhatDiedInAnOrder_KeepsItsPlaceInIt()
    {
        Guid id = Ids.New(Time), order = Ids.New(Time);
        await using PostgresProcess process = await _transport.StartAsync(
            null, 4, new Handler(Queue, (received, _) => received.DeadLetterAsync("c", "r", default)));
        await process.Queue.SendAsync([new QueueMessage(Queue, id, "{}") { OrderKey = order }], default);
        while (await process.DeadLetters.GetAsync(id, default) is null) await Task.Yield();
        await process.StopAsync();
        await _process.DeadLetters.RedriveAsync(id, default);

        Assert.Equal(1, await ScalarAsync($"select count(*) from queue_messages where order_key = '{order}'"));
    }

    [Fact]
    public async Task RedriveAllAsync_ByTwoOperatorsAtOnce_MovesEachLetterOnceAndKeepsItsHistory()
    {
        for (int i = 0; i < 30; i++) await DieAsync(Ids.New(Time));

        int[] moved = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => _process.DeadLetters.RedriveAllAsync(Queue, default)));

        Assert.Equal(30, moved.Sum());
        Assert.Equal(
            30L, await ScalarAsync("select count(*) from queue_messages where attempts = 0 and due_at <= now()"));
        Assert.Equal(
            30L, await ScalarAsync("select count(*) from queue_messages where history -> -1 ->> 'code' = 'redriven'"));
        Assert.Empty(await ListAsync(Queue, null, null));
    }

    [Fact]
    public async Task QueueStats_EveryKindOfRow_IsCountedOnce()
    {
        await ExecuteAsync(
            """
            insert into queue_messages (id, queue, due_at, locked_by, body)
            select gen_random_uuid(), 'campaign-delivery',
                now() + case when i <= 3 then interval '-1 min' else interval '1 min' end,
                case when i > 7 then gen_random_uuid() end, '{}'
            from generate_series(1, 12) i
            """);
        await ExecuteAsync("insert into queue_totals values ('campaign-delivery', 100, 7)");

        IReadOnlyList<QueueCounts> all = await _process.Stats.RunAsync(default);
        QueueCounts counts = all.Single(c => c.Queue == Queue);

        Assert.Equal(Queues.All, all.Select(c => c.Queue));
        Assert.Equal(
            (3, 5, 4, 100, 7), (counts.Waiting, counts.Active, counts.Delayed, counts.Completed, counts.Failed));
        Assert.InRange(counts.OldestWaiting!.Value.TotalSeconds, 59, 120);
        Assert.Equal(
            new QueueCounts(Queues.NpsSurvey, 0, 0, 0, 0, 0, null), all.Single(c => c.Queue == Queues.NpsSurvey));
    }

    [Fact]
    public async Task Metrics_AfterWork_HaveAllInstrumentsWithTheQueueAsTag()
    {
        var arrivals = new Arrivals();
        PostgresProcess worker = await _transport.StartAsync(new(), 4, new Handler(Queue, (received, _) =>
        {
            arrivals.Add(received);
            return received.Message.Subject is null ? Task.CompletedTask : throw new PermanentFault("no", "No");
        }));
        Dictionary<string, double> values = [];
        using MeterListener listener = new();
        QueueMetrics metrics = worker.Get<QueueMetrics>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == QueueMetrics.MeterName
                && instrument.Meter.Scope == worker.Get<IMeterFactory>())
                l.EnableMeasurementEvents(instrument);
        };
        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags[0] is not { Key: "queue", Value: Queue }) return;
            lock (values)
            {
                double before = instrument.IsObservable ? 0 : values.GetValueOrDefault(instrument.Name);
                values[instrument.Name] = before + value;
            }
        }

        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
        listener.Start();
        await worker.Queue.SendAsync(
            [.. Enumerable.Range(0, 20).Select(i => Message() with { Subject = i < 5 ? "bad" : null })], default);
        await worker.Queue.SendAsync([Message() with { NotBefore = Time.GetUtcNow().AddHours(1) }], default);
        await arrivals.ReachedAsync(20);
        await worker.StopAsync();
        await metrics.RefreshAsync();
        listener.RecordObservableInstruments();

        Assert.Equal(15, values["queue.completed"]);
        Assert.Equal(5, values["queue.failed"]);
        Assert.Equal((0, 0, 1), (values["queue.waiting"], values["queue.active"], values["queue.delayed"]));
        Assert.Equal(0, values["queue.oldest_waiting"]);
        QueueCounts totals = (await _process.Stats.RunAsync(default)).Single(c => c.Queue == Queue);
        Assert.Equal((15, 5), (totals.Completed, totals.Failed));
    }

    private static QueueMessage Message() => new(Queue, Ids.New(Time), "{\"v\":1}");

    private Task<IReadOnlyList<DeadLetter>> ListAsync(string? queue, string? subject, DeadLetterCursor? after) =>
        _process.DeadLetters.ListAsync(queue, subject, after, 7, default);

    private async Task DieAsync(Guid id)
    {
        await using NpgsqlCommand command = _transport.Database.Owner.CreateCommand(
            """
            insert into queue_dead_letters (id, queue, priority, attempts, body, code, reason, history, enqueued_at)
            values ($1, 'campaign-delivery', 1, 3, '{"v":1}', 'c', 'r',
                '[{"attempt": 3, "at": "2026-01-01", "code": "c"}]', now())
            """);
        command.Parameters.Add(Sql.Value(id));
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = _transport.Database.Owner.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = _transport.Database.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
