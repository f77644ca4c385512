using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Benchmarks;

/// <summary>
/// The queue alone, in the phases and the output format of the peers' queue benchmark: one by one, in bulk, draining
/// with 50 handlers that do nothing, start latency when idle, the same with many delayed messages waiting.
/// Empties the database <c>bench_queue</c> first.
/// </summary>
internal static class QueueBench
{
    private const string Queue = Queues.MessageProcessing;
    private const int Warm = 100;
    private static readonly TimeProvider Time = TimeProvider.System;
    private static Action<QueueMessage> _onStart = _ => { };

    public static async Task RunAsync(string[] args)
    {
        int jobs = Option(args, "jobs", 10_000), single = Math.Min(jobs, Option(args, "single", 5_000));
        int probe = Option(args, "probe", 400), concurrency = Option(args, "concurrency", 50);
        int bulk = Option(args, "bulk", 1_000), parallel = Option(args, "parallel", 32);
        int delayed = Option(args, "delayed", 0) == 1 ? jobs : Option(args, "delayed", 0);
        int storePid = StorePid();
        string url =
            $"postgres://bench@127.0.0.1:{Environment.GetEnvironmentVariable("BENCH_PGPORT") ?? "55432"}/bench_queue";
        await RecreateAsync(url);
        await using ServiceProvider services = Compose(url, concurrency);
        IMessageQueue queue = services.GetRequiredService<IMessageQueue>();
        var result =
            new Dictionary<string, object> { ["lib"] = "vellarys", ["jobs"] = jobs, ["concurrency"] = concurrency };

        await queue.SendAsync(Messages(Warm), default);
        for (int i = 0; i < Warm; i++) await queue.SendAsync(Messages(1), default);

        int left = single;
        result["enqueueSingle"] = await PhaseAsync(
            storePid, single, () => Task.WhenAll(Enumerable.Range(0, parallel).Select(
            async _ =>
            {
                while (Interlocked.Decrement(ref left) >= 0) await queue.SendAsync(Messages(1), default);
            })));
        int rest = jobs - single > 0 ? jobs - single : jobs;
        result["enqueueBulk"] = await PhaseAsync(storePid, rest, () => SendBulkAsync(queue, rest, bulk, null));

        QueueConsumers consumers = services.GetRequiredService<QueueConsumers>();
        result["drain"] = await DrainAsync(consumers, (2 * Warm) + single + rest, storePid);
        await Task.Delay(TimeSpan.FromMilliseconds(600), Time);
        await ProbeAsync(queue, probe);
        result["latencyMs"] = await ProbeAsync(queue, probe);
        if (delayed > 0)
        {
            await SendBulkAsync(queue, delayed, bulk, Time.GetUtcNow().AddHours(1));
            NpgsqlDataSource database = services.GetRequiredService<NpgsqlDataSource>();
            await using NpgsqlCommand analyze = database.CreateCommand("analyze");
            await analyze.ExecuteNonQueryAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(300), Time);
            result["latencyWithDelayedMs"] = await ProbeAsync(queue, probe);
        }

        Console.WriteLine(JsonSerializer.Serialize(result));
        await consumers.StopAsync(default);
    }

    private static async Task<object> PhaseAsync(int storePid, int count, Func<Task> run)
    {
        QueueBenchCpu before = QueueBenchCpu.Read(storePid);
        long start = Stopwatch.GetTimestamp();
        await run();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        QueueBenchCpu used = QueueBenchCpu.Read(storePid) - before;
        return new
        {
            perSec = (int)(count / seconds),
            seconds = Math.Round(seconds, 3),
            appCpuUsPerJob = (int)(used.App / count * 1e6),
            storeCpuUsPerJob = (int)(used.Store / count * 1e6),
        };
    }

    private static async Task<object> DrainAsync(QueueConsumers consumers, int total, int storePid)
    {
        int done = 0;
        long first = 0, asked = Stopwatch.GetTimestamp();
        QueueBenchCpu before = default;
        var last = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _onStart = _ =>
        {
            int n = Interlocked.Increment(ref done);
            if (n == 1) (before, first) = (QueueBenchCpu.Read(storePid), Stopwatch.GetTimestamp());
            if (n == total) last.SetResult(Stopwatch.GetTimestamp());
        };
        await consumers.StartAsync(default);
        long end = await last.Task;
        double seconds = Stopwatch.GetElapsedTime(first, end).TotalSeconds;
        QueueBenchCpu used = QueueBenchCpu.Read(storePid) - before;
        return new
        {
            jobs = total,
            perSec = (int)(total / seconds),
            seconds = Math.Round(seconds, 3),
            startupMs = (int)Stopwatch.GetElapsedTime(asked, first).TotalMilliseconds,
            appCpuUsPerJob = (int)(used.App / total * 1e6),
            storeCpuUsPerJob = (int)(used.Store / total * 1e6),
        };
    }

    // One message at a time, 3 to 7 ms apart.
    private static async Task<object> ProbeAsync(IMessageQueue queue, int count)
    {
        var sent = new ConcurrentDictionary<Guid, long>();
        var latencies = new ConcurrentBag<double>();
        _onStart = m =>
        {
            if (sent.TryRemove(m.Id, out long at)) latencies.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
        };
        for (int i = 0; i < count; i++)
        {
            List<QueueMessage> one = Messages(1);
            sent[one[0].Id] = Stopwatch.GetTimestamp();
            await queue.SendAsync(one, default);
            await Task.Delay(TimeSpan.FromMilliseconds(3 + (Random.Shared.NextDouble() * 4)), Time);
        }

        long until = Stopwatch.GetTimestamp() + (8 * Stopwatch.Frequency);
        while (!sent.IsEmpty && Stopwatch.GetTimestamp() < until) await Task.Delay(TimeSpan.FromMilliseconds(10), Time);
        double[] sorted = [.. latencies.Order()];
        double At(double q) =>
            Math.Round(sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(q * sorted.Length) - 1)], 2);
        return new
        {
            n = sorted.Length, p50 = At(0.5), p95 = At(0.95), p99 = At(0.99), max = At(1), missing = sent.Count,
        };
    }

    private static async Task SendBulkAsync(IMessageQueue queue, int count, int bulk, DateTimeOffset? notBefore)
    {
        for (int i = 0; i < count; i += bulk)
            await queue.SendAsync(Messages(Math.Min(bulk, count - i), notBefore), default);
    }

    private static List<QueueMessage> Messages(int count, DateTimeOffset? notBefore = null) =>
        [.. Enumerable.Range(0, count).Select(_ => Message(notBefore))];

    private static QueueMessage Message(DateTimeOffset? notBefore)
    {
        Guid id = Ids.New(Time);
        return new(Queue, id, JsonSerializer.Serialize(new
        {
            v = 1,
            id = $"wamid.HBgNNTUxMTkwMDAwMDAwMBUCABIYFjNFQjA{id:N}",
            pn = "10000000000001",
            from = "5511900000123",
            name = "Customer 123",
            body = "Hello, I saw your ad and would like to know the price for two rooms next week, please. "
                + "Can you send me details?",
        })) { NotBefore = notBefore };
    }

    /// <summary>An empty database with our schema, in place of the one that the address names.</summary>
    internal static async Task RecreateAsync(string url)
    {
        StorageOptions options = new() { Url = url };
        NpgsqlConnectionStringBuilder admin = Connections.Owner(options);
        string name = admin.Database!;
        admin.Database = "postgres";
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(admin);
        string[] steps =
            ["drop database if exists " + name + " with (force)", "create database " + name, "checkpoint"];
        foreach (string step in steps)
        {
            await using NpgsqlCommand command = source.CreateCommand(step);
            await command.ExecuteNonQueryAsync();
        }

        await new Migrator(options, Time, NullLogger<Migrator>.Instance).RunAsync(default);
    }

    private static ServiceProvider Compose(string url, int concurrency)
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = url,
            ["Messaging:Default:MaxConcurrency"] = concurrency.ToString(CultureInfo.InvariantCulture),
        }).Build();
        return new ServiceCollection()
            .AddLogging(l => l.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning))
            .AddStorage(settings)
            .AddMessaging(settings)
            .AddSingleton<IMessageHandler, NoOp>()
            .AddQueueConsumers()
            .BuildServiceProvider();
    }

    internal static int StorePid()
    {
        string data = Environment.GetEnvironmentVariable("BENCH_DATA") ?? "/var/tmp/wa-bench";
        return int.Parse(File.ReadLines($"{data}/pg/postmaster.pid").First(), CultureInfo.InvariantCulture);
    }

    internal static int Option(string[] args, string name, int fallback) =>
        args.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal)) is { } given
            ? int.Parse(given.AsSpan(name.Length + 3), CultureInfo.InvariantCulture)
            : fallback;

    private sealed class NoOp : IMessageHandler
    {
        public string Queue => QueueBench.Queue;

        public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
        {
            using JsonDocument body = JsonDocument.Parse(received.Message.Body);
            _onStart(received.Message);
            return Task.CompletedTask;
        }
    }
}
