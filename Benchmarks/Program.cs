using Vellarys.Benchmarks;

switch (args.FirstOrDefault())
{
    case "queue":
        await QueueBench.RunAsync(args[1..]);
        break;
    case "flows":
        await FlowBench.RunAsync(args[1..]);
        break;
    case "patterns":
        PatternBench.Run();
        break;
    default:
        Console.WriteLine("usage: Benchmarks <queue|flows|patterns> [options]; for crashes at length: crash.sh");
        break;
}
