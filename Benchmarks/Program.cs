using Vellarys.Benchmarks;

switch (args.FirstOrDefault())
{
    case "queue":
        await QueueBench.RunAsync(args[1..]);
        break;
    case "flows":
        await FlowBench.RunAsync(args[1..]);
        break;
    default:
        Console.WriteLine("usage: Benchmarks <queue|flows> [options]; for crashes at length: crash.sh");
        break;
}
