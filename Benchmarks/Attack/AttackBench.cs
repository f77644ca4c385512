namespace Vellarys.Benchmarks.Attack;

/// <summary>
/// Attacks on a host as it ships, each beside a private PostgreSQL and an outside world of its own:
/// <c>attack slow-sockets | bomb | tenant-flood | unlimited-answers</c>. Prints figures, and a line PASS or FAIL for
/// each thing that must hold.
/// </summary>
internal static class AttackBench
{
    public static Task<bool> RunAsync(string[] args) => args.FirstOrDefault() switch
    {
        "slow-sockets" => SlowSockets.RunAsync(args),
        "bomb" => Bomb.RunAsync(args),
        "tenant-flood" => TenantFlood.RunAsync(args),
        "unlimited-answers" => UnlimitedAnswers.RunAsync(args),
        _ => UsageAsync(),
    };

    private static Task<bool> UsageAsync()
    {
        Console.WriteLine("usage: Benchmarks attack <slow-sockets|bomb|tenant-flood|unlimited-answers> [options]");
        return Task.FromResult(false);
    }
}

/// <summary>What must hold, said line by line.</summary>
internal sealed class Verdict
{
    public bool IsPassed { get; private set; } = true;

    public void Say(string what, bool holds)
    {
        IsPassed &= holds;
        Console.WriteLine($"{(holds ? "PASS" : "FAIL")}  {what}");
    }
}
