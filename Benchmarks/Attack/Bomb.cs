using System.Diagnostics;

namespace Vellarys.Benchmarks.Attack;

/// <summary>
/// Signed bodies of three megabytes, each hostile in its own way: many items, beside many profiles or properties, deep,
/// or full of nothing. Prints the host's CPU seconds for each.
/// </summary>
internal static class Bomb
{
    private const int Size = 3_000_000;
    private const double MostCpu = 5;

    public static async Task<bool> RunAsync(string[] args)
    {
        await using AttackHost host = await AttackHost.StartAsync(args, null);
        var verdict = new Verdict();
        foreach ((string what, byte[] body) in All())
        {
            double before = host.CpuSeconds;
            long start = Stopwatch.GetTimestamp();
            int status = await host.PostAsync(body);
            double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double cpu = host.CpuSeconds - before;
            Console.WriteLine($"{what}: {body.Length} bytes, answered {status} after {wall:0.00} s, CPU {cpu:0.00} s");
            verdict.Say($"{what} costs less than {MostCpu} s", cpu < MostCpu && status is 200 or 400 or 413);
        }

        verdict.Say("the host lives and is healthy", host.IsAlive && (await host.HealthAsync()).Status == 200);
        return verdict.IsPassed;
    }

    private static IEnumerable<(string What, byte[] Body)> All()
    {
        string[] items = [.. Enumerable.Range(0, 9_000).Select(i => Bodies.Text($"wamid.{i}", "5511900000001", "oi"))];
        string contacts = Fill(500_000, i => $"{{\"wa_id\":\"55119{i:D8}\",\"profile\":{{\"name\":\"N\"}}}}");
        yield return ("items beside profiles", Bodies.Of(AttackHost.FirstNumber, items, contacts));
        string properties = Fill(12_000, i => $"\"\\u0063p{i}\":0") + ",";
        yield return ("items beside properties", Bodies.Of(AttackHost.FirstNumber, items, "", properties));
        string wide = $"{{{string.Join(',', Enumerable.Range(0, 290).Select(i => $"\"\\u0069{i}\":0"))}}}";
        yield return ("wide items", Bodies.Of(AttackHost.FirstNumber, Enumerable.Repeat(wide, Size / wide.Length)));
        string[] some = items[..4_000];
        string many = Fill(1_400_000, i => $"{{\"wa_id\":\"55119{i:D8}\",\"profile\":{{\"name\":\"N\"}}}}");
        yield return ("more profiles than there are", Bodies.Of(AttackHost.FirstNumber, some, many));
        yield return ("empty items", Bodies.Of(AttackHost.FirstNumber, Enumerable.Repeat("{}", Size / 3 - 100)));
        yield return ("numbers", Bodies.Of(AttackHost.FirstNumber, Enumerable.Repeat("1", Size / 2 - 100)));
        yield return ("escapes", Bodies.Of(
            AttackHost.FirstNumber,
            [Bodies.Text("wamid.e", "5511900000001", string.Concat(Enumerable.Repeat("\\u0000", Size / 6 - 100)))]));
    }

    private static string Fill(int bytes, Func<int, string> each)
    {
        int length = each(0).Length + 1;
        return string.Join(',', Enumerable.Range(0, bytes / length).Select(each));
    }
}
