using Vellarys;
using Vellarys.Standalone;
using Vellarys.Standalone.Commands;
using Vellarys.Standalone.Commands.Client;

Patterns.LimitAll();
if (ClientCommands.Know(args))
    return await ClientCommands.RunAsync(args, Console.Out, Console.Error, Console.In);
return await TopLevelHandler.RunAsync(args.FirstOrDefault("serve") switch
{
    "serve" => () => Serve.RunAsync(demo: args.Contains("--demo"), showKey: args.Contains("--show-key")),
    "migrate" => Migrate.RunAsync,
    "seed-demo" => SeedDemo.RunAsync,
    "seed-bench" => SeedBench.RunAsync,
    string unknown => () => throw new UsageError($"unknown command '{unknown}'"),
});
