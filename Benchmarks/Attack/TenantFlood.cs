using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vellarys.Benchmarks.Attack;

/// <summary>
/// Twenty thousand customers of one tenant write at once; somebody else's customers write one after another meanwhile.
/// Prints how long those wait for their reply.
/// </summary>
internal static class TenantFlood
{
    private const int BodySize = 500;

    public static async Task<bool> RunAsync(string[] args)
    {
        int flood = QueueBench.Option(args, "flood", 20_000), think = QueueBench.Option(args, "ai", 200);
        int probes = QueueBench.Option(args, "probes", 100), most = QueueBench.Option(args, "p99", 2_000);
        await using OutsideWorld world = await OutsideWorld.StartAsync(TimeSpan.FromMilliseconds(think));
        await using AttackHost host = await AttackHost.StartAsync(
            args, world, "Limits__MessagesPerSecond=0", "Limits__PairInterval=00:00:00",
            "Limits__CustomerModelRequestsPerMinute=0");
        var verdict = new Verdict();
        for (int i = 0; i < flood; i += BodySize)
        {
            byte[] body = Bodies.Of(AttackHost.FirstNumber, Enumerable.Range(i, BodySize).Select(
                n => Bodies.Text($"wamid.flood.{n}", $"55119{n:D8}", "quanto custa?")));
            verdict.Say($"body {i / BodySize} of the flood is taken", await host.PostAsync(body) == 200);
        }

        var written = new ConcurrentDictionary<string, long>();
        int waiting = flood - Sends(world, "55119");
        for (int i = 0; i < probes; i++)
        {
            string from = $"55219{i:D8}";
            written[from] = Stopwatch.GetTimestamp();
            byte[] body = Bodies.Of(AttackHost.FirstNumber + 1, [Bodies.Text($"wamid.quiet.{i}", from, "bom dia")]);
            await host.PostAsync(body);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        int left = flood - Sends(world, "55119");
        await Until(() => Sends(world, "55219") == probes, TimeSpan.FromMinutes(2));
        double[] waits =
        [
            .. written.Where(w => world.Sends.ContainsKey(w.Key))
                .Select(w => Stopwatch.GetElapsedTime(w.Value, world.Sends[w.Key]).TotalMilliseconds).Order(),
        ];
        double p99 = waits.Length == 0 ? double.NaN : waits[(int)Math.Ceiling(0.99 * waits.Length) - 1];
        Console.WriteLine(
            $"flood {flood}, of it unanswered {waiting} at the first probe and {left} at the last; the other tenant: " +
            $"n {waits.Length}, p50 {waits.ElementAtOrDefault(waits.Length / 2):0} ms, p99 {p99:0} ms");
        verdict.Say($"p99 of the other tenant under {most} ms", p99 < most && waits.Length == probes);
        await Until(() => Sends(world, "55119") == flood, TimeSpan.FromMinutes(10));
        verdict.Say("nobody of the flood is lost", Sends(world, "55119") == flood);
        verdict.Say("the host lives", host.IsAlive);
        return verdict.IsPassed;
    }

    private static int Sends(OutsideWorld world, string prefix) =>
        world.Sends.Keys.Count(to => to.StartsWith(prefix, StringComparison.Ordinal));

    private static async Task Until(Func<bool> isSo, TimeSpan within)
    {
        for (long start = Stopwatch.GetTimestamp(); !isSo() && Stopwatch.GetElapsedTime(start) < within;)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }
}
