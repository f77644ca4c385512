using Vellarys;
using Vellarys.Standalone;
using Vellarys.Standalone.Commands;

Patterns.LimitAll();
return await TopLevelHandler.RunAsync(args.FirstOrDefault("serve") switch
{
    "serve" => () => Serve.RunAsync(demo: args.Contains("--demo"), showKey: args.Contains("--show-key")),
    "migrate" => Migrate.RunAsync,
    "seed-demo" => SeedDemo.RunAsync,
    "seed-bench" => SeedBench.RunAsync,
    string unknown => () => throw new UsageError($"unknown command '{unknown}'"),
});
