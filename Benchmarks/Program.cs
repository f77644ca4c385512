using Vellarys.Benchmarks;
using Vellarys.Benchmarks.Attack;

switch (args.FirstOrDefault())
{
    case "queue":
        await QueueBench.RunAsync(args[1..]);
        break;
    case "flows":
        await FlowBench.RunAsync(args[1..]);
        break;
    case "listings":
        await ListingBench.RunAsync(args[1..]);
        break;
    case "patterns":
        PatternBench.Run();
        break;
    case "provider":
        Environment.ExitCode = await ProviderBench.RunAsync(args[1..]) ? 0 : 1;
        break;
    case "attack":
        Environment.ExitCode = await AttackBench.RunAsync(args[1..]) ? 0 : 1;
        break;
    default:
        Console.WriteLine(
            "usage: Benchmarks <queue|flows|listings|patterns|provider|attack> [options]; for crashes at length: "
            + "crash.sh");
        break;
}
