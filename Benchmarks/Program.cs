using Vellarys.Benchmarks;

switch (args.FirstOrDefault())
{
    case "queue":
        await QueueBench.RunAsync(args[1..]);
        break;
    default:
        Console.WriteLine("usage: Benchmarks <queue|crash>");
        break;
}
