using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Jobs;
using Vellarys.Standalone;
using Vellarys.Tests.Functions.Amqp;

namespace Vellarys.Tests.Functions;

/// <summary>
/// The program of this assembly: the function app in the stand-in for its host, as a process that a crash test kills
/// and a load test measures. Its settings are the environment's. It ends with its parent.
/// </summary>
internal static class FunctionsWorker
{
    private static readonly string[] Timers =
        [
            nameof(JobNames.RelayOutbox), nameof(JobNames.SweepDeliveries), nameof(JobNames.WatchCustody),
            nameof(JobNames.WatchFlows),
        ];

    // Each job knows itself whether it is due.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    public static async Task Main(string[] args)
    {
        if (args is [AmqpBrokerProgram.Name])
        {
            await AmqpBrokerProgram.RunAsync();
            return;
        }

        Patterns.LimitAll();
        Dictionary<string, string?> settings = new()
        {
            ["ServiceBus"] = Environment.GetEnvironmentVariable("ServiceBus"),
        };
        int port = int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture);
        string? crashAt = Environment.GetEnvironmentVariable(EnvironmentCrashPoints.Variable);
        await using FunctionsHost host = await FunctionsHost.StartAsync(settings, port, services =>
        {
            if (EnvironmentCrashPoints.Read(crashAt) is { } points) services.AddSingleton(points);
        });
        using CancellationTokenSource stop = new();
        Task timers = RunTimersAsync(host, stop.Token);
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await stop.CancelAsync();
        await timers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task RunTimersAsync(FunctionsHost host, CancellationToken stop)
    {
        using PeriodicTimer tick = new(Tick, TimeProvider.System);
        do
        {
            foreach (string name in Timers)
            {
                MethodInfo method = Triggers.All["Job" + name];
                await (Task)method.Invoke(host.Instance(method), [new TimerInfo(), stop])!;
            }
        }
        while (await tick.WaitForNextTickAsync(stop));
    }
}
