using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Vellarys.Benchmarks;

/// <summary>
/// Handoffs in bulk on the host as it ships: <c>flows --flows=10000</c> raises that many at once for a hundred agents,
/// who take, pass on and close them until all are served; prints the rate of advances, what each cost the database, and
/// the host's memory. With <c>--kill=SECONDS</c> the host is killed with SIGKILL at random moments for so long.
/// Empties the database <c>bench_flows</c> first.
/// </summary>
internal static class FlowBench
{
    private static readonly TimeProvider Time = TimeProvider.System;

    public static async Task RunAsync(string[] args)
    {
        int flows = QueueBench.Option(args, "flows", 10_000), agents = QueueBench.Option(args, "agents", 100);
        int capacity = QueueBench.Option(args, "capacity", 20), killFor = QueueBench.Option(args, "kill", 0);
        string port = Environment.GetEnvironmentVariable("BENCH_PGPORT") ?? "55432";
        string url = $"postgres://bench@127.0.0.1:{port}/bench_flows";
        await QueueBench.RecreateAsync(url);
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={port};Username=bench;Database=bench_flows;Command Timeout=600");
        await FlowBenchRows.SeedAsync(owner, flows, agents, capacity);

        await using var host = new KilledHost(() => Host(url));
        int store = QueueBench.StorePid();
        QueueBenchCpu before = QueueBenchCpu.Read(store);
        long start = Stopwatch.GetTimestamp();
        await FlowBenchRows.RaiseAsync(owner);
        Task killing = host.KillForAsync(TimeSpan.FromSeconds(killFor));
        var random = new Random(1);
        // The last to be served may find the host dead for good: then the books say so.
        for (int idle = 0; idle < 300 && await FlowBenchRows.OpenAsync(owner) > 0;)
        {
            int moved = await FlowBenchRows.ActAsync(owner, random);
            idle = moved == 0 ? idle + 1 : 0;
            await Task.Delay(TimeSpan.FromMilliseconds(100), Time);
        }

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        double cpu = (QueueBenchCpu.Read(store) - before).Store;
        await killing;
        await FlowBenchRows.ComeToRestAsync(owner);
        FlowBooks books = await FlowBenchRows.BooksAsync(owner);
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["flows"] = flows,
            ["kills"] = host.Kills,
            ["seconds"] = Math.Round(took.TotalSeconds, 1),
            ["advances"] = books.Advances,
            ["advancesPerSecond"] = Math.Round(books.Advances / took.TotalSeconds),
            ["databaseMsPerAdvance"] = Math.Round(1_000 * cpu / books.Advances, 3),
            ["hostPeakMb"] = host.PeakMb,
            ["books"] = books,
        }));
    }

    private static Process Host(string url)
    {
        string root = Environment.GetEnvironmentVariable("BENCH_HOST")
            ?? Path.Combine(Environment.CurrentDirectory, ".artifacts/bench");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(root, "Vellarys.Standalone.dll"), "serve" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DATABASE_URL"] = url;
        start.Environment["PORT"] = "18099";
        start.Environment["MIGRATE"] = "0";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>A host that is started again whenever it was killed.</summary>
    private sealed class KilledHost(Func<Process> start) : IAsyncDisposable
    {
        private Process _process = start();
        private int _peak;

        public int Kills { get; private set; }

        public int PeakMb => Math.Max(_peak, Peak());

        public async Task KillForAsync(TimeSpan howLong)
        {
            var random = new Random(7);
            for (long from = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(from) < howLong;)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1_500, 8_000)), Time);
                _peak = PeakMb;
                _process.Kill();
                await _process.WaitForExitAsync();
                _process.Dispose();
                _process = start();
                Kills++;
            }
        }

        public async ValueTask DisposeAsync()
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private int Peak()
        {
            string? line = File.ReadLines($"/proc/{_process.Id}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
            return line is null ? 0 : int.Parse(line.Split(' ')[^2], CultureInfo.InvariantCulture) / 1_024;
        }
    }
}
