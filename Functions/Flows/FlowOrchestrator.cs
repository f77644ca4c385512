using Microsoft.DurableTask;
using Vellarys.Flows.Kernel;

namespace Vellarys.Functions.Flows;

/// <summary>
/// Keeps one flow moving: advance it, wait for a look or for its time, again. Every rule of the flow, and its state,
/// are in PostgreSQL; here is only the waiting, so a release changes nothing under an instance in flight.
/// </summary>
internal static class FlowOrchestrator
{
    /// <summary>The event that says "look again".</summary>
    public const string Look = "look";

    // Bounds the history that a replay reads.
    private const int StepsPerLife = 20;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(5);
    private static readonly TaskOptions Patiently = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 6, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2,
        maxRetryInterval: TimeSpan.FromMinutes(1)));

    public static async Task RunAsync(TaskOrchestrationContext context)
    {
        FlowPlace place = context.GetInput<FlowPlace>()!;
        // One that nobody consumed must not be asked for a second time: it would take the next event away.
        Task look = context.WaitForExternalEvent<bool>(Look);
        for (int step = 0; step < StepsPerLife; step++)
        {
            FlowStanding standing = await AdvanceAsync(context, place);
            if (standing.Ended) return;
            await WaitAsync(context, look, standing.WakesIn);
            if (look.IsCompleted) look = context.WaitForExternalEvent<bool>(Look);
        }

        context.ContinueAsNew(place, preserveUnprocessedEvents: true);
    }

    private static async Task<FlowStanding> AdvanceAsync(TaskOrchestrationContext context, FlowPlace place)
    {
        try
        {
            return await context.CallActivityAsync<FlowStanding>(
                nameof(FlowActivities.AdvanceFlow), place, Patiently);
        }
        catch (TaskFailedException)
        {
            // The database is away for long. The instance outlives that, so that nobody has to start it again.
            return new FlowStanding(false, AfterFailure);
        }
    }

    private static async Task WaitAsync(TaskOrchestrationContext context, Task look, TimeSpan? wakesIn)
    {
        if (wakesIn is not { } wait)
        {
            await look;
            return;
        }

        using CancellationTokenSource looked = new();
        TimeSpan atLeast = wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(100);
        Task timer = context.CreateTimer(atLeast, looked.Token);
        await Task.WhenAny(look, timer);
        // Not CancelAsync: its continuation would leave the orchestrator's thread, and the instance would hang.
        if (!timer.IsCompleted) looked.Cancel();
    }
}
