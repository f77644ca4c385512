Console.WriteLine("usage: Benchmarks <queue|crash>");
