using System.Collections.Concurrent;
using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Watch;
using Vellarys.Messaging;

namespace Vellarys.Functions.Flows;

/// <summary>
/// The instances behind flow rows: one a flow, told when something happened, replaced when it is gone.
/// </summary>
public sealed class FlowInstances(
    RouteFlowWakeUp route, ListOpenFlows open, FlowKinds kinds, TimeProvider time, ILogger<FlowInstances> logger)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepEnded = TimeSpan.FromDays(7);

    private static readonly OrchestrationRuntimeStatus[] Alive =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended];

    private static readonly OrchestrationRuntimeStatus[] Over =
    [
        OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>The same for a flow wherever it is started from, so that it is started once.</summary>
    public static string IdOf(FlowPlace place) => $"{place.Name}-{place.Flow}";

    public async Task HandleAsync(
        DurableTaskClient client, ReceivedMessage received, CancellationToken cancellationToken)
    {
        if (await route.RunAsync(received, cancellationToken) is not { } place) return;
        if (kinds.Names.Contains(place.Name))
        {
            await LookAsync(client, place, cancellationToken);
            return;
        }

        logger.FlowKindUnknown(place.Name, 1);
        throw NewerRelease.Awaited(
            "flow_kind_unknown", "The flow has no orchestrator in this release.", NewerRelease.LongWait);
    }

    /// <summary>
    /// Every open flow has a living instance afterwards, and one that stands still is replaced; what lives on without
    /// an open flow is told to look, and ends. Returns how many had none. Flows of a kind that this release cannot run
    /// are left to one that can, and reported.
    /// </summary>
    /// <exception cref="PermanentFault">There are such flows; the others have their instances.</exception>
    public async Task<int> ReconcileAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, OrchestrationMetadata> alive = new(StringComparer.Ordinal);
        OrchestrationQuery query = new() { Statuses = Alive };
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(query)
            .WithCancellation(cancellationToken)) alive[instance.InstanceId] = instance;
        ConcurrentDictionary<string, int> unknown = new(StringComparer.Ordinal);
        int missing = 0;
        int failed = 0;
        ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(open.RunAsync(cancellationToken), some, async (place, stop) =>
        {
            bool isAlive = alive.TryRemove(IdOf(place), out _);
            if (isAlive && !place.IsStuck) return;
            if (!kinds.Names.Contains(place.Name))
            {
                unknown.AddOrUpdate(place.Name, 1, (_, count) => count + 1);
                return;
            }

            if (!isAlive) Interlocked.Increment(ref missing);
            try
            {
                await LookAsync(client, place, stop);
            }
            catch (TransientFault e)
            {
                // One that cannot be started must not keep the others from it.
                logger.FlowNotStarted(IdOf(place), e.Code);
                Interlocked.Increment(ref failed);
            }
        });
        await EndLeftOversAsync(client, alive.Values, cancellationToken);
        foreach ((string kind, int count) in unknown) logger.FlowKindUnknown(kind, count);
        if (failed > 0)
            throw new TransientFault("flows_without_instance", "Some flows could not be given an instance.");
        return unknown.IsEmpty
            ? missing
            : throw new PermanentFault("flow_kind_unknown", "Some flows have no orchestrator in this release.");
    }

    /// <summary>Forgets instances that ended long ago; the flow's own history stays in PostgreSQL.</summary>
    public async Task PurgeAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - KeepEnded;
        PurgeResult purged = await client.PurgeAllInstancesAsync(
            // Some backends do not take an open beginning.
            new PurgeInstancesFilter(DateTimeOffset.UnixEpoch, before, Over), cancellationToken);
        if (purged.PurgedInstanceCount > 0) logger.FlowsPurged(purged.PurgedInstanceCount);
    }

    /// <summary>What Durable knows of a flow's instance; null when there is none.</summary>
    /// <exception cref="TransientFault">Durable is away.</exception>
    public static Task<OrchestrationMetadata?> FindAsync(
        DurableTaskClient client, FlowPlace place, CancellationToken cancellationToken) =>
        AskAsync(() => client.GetInstanceAsync(IdOf(place), getInputsAndOutputs: true, cancellationToken));

    /// <summary>Another instance in the place of a flow's, in whatever state that is.</summary>
    /// <exception cref="TransientFault">Durable is away.</exception>
    public Task<InstanceChange> RestartAsync(
        DurableTaskClient client, FlowPlace place, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        if (!kinds.Names.Contains(place.Name)) return InstanceChange.KindUnknown;
        if (!await EndAsync(client, IdOf(place), "restarted", cancellationToken)) return InstanceChange.DoesNotEnd;
        await StartAsync(client, place, IdOf(place), cancellationToken);
        return InstanceChange.Done;
    });

    /// <summary>No instance, and nothing known of one.</summary>
    /// <exception cref="TransientFault">Durable is away.</exception>
    public static Task<InstanceChange> PurgeAsync(
        DurableTaskClient client, FlowPlace place, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        if (!await EndAsync(client, IdOf(place), "purged", cancellationToken)) return InstanceChange.DoesNotEnd;
        await client.PurgeInstanceAsync(IdOf(place), cancellationToken);
        return InstanceChange.Done;
    });

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RpcException e)
        {
            throw new TransientFault("durable_" + e.StatusCode, "The flow's runner is away.", e) { IsOutage = true };
        }
    }

    private async Task LookAsync(DurableTaskClient client, FlowPlace place, CancellationToken cancellationToken) =>
        await AskAsync(async () =>
        {
            await LookAsync(client, place, IdOf(place), cancellationToken);
            return true;
        });

    // They were listed before the open flows were, so a flow that is not among those had ended by then. Should its row
    // say otherwise nothing is lost: whoever looks goes by the row.
    private async Task EndLeftOversAsync(
        DurableTaskClient client, IEnumerable<OrchestrationMetadata> leftOver, CancellationToken cancellationToken)
    {
        foreach (OrchestrationMetadata instance in leftOver.Where(i => IsQuiet(i)))
        {
            if (!kinds.Names.Contains(instance.Name)) continue;
            logger.FlowLeftOver(instance.InstanceId, instance.RuntimeStatus.ToString());
            await AskAsync(() => TellToEndAsync(client, instance, cancellationToken));
        }
    }

    private static async Task<bool> TellToEndAsync(
        DurableTaskClient client, OrchestrationMetadata instance, CancellationToken cancellationToken)
    {
        string id = instance.InstanceId;
        try
        {
            if (instance.RuntimeStatus == OrchestrationRuntimeStatus.Suspended)
                await client.ResumeInstanceAsync(id, "its flow has ended", cancellationToken);
            await client.RaiseEventAsync(id, FlowOrchestrator.Look, true, cancellationToken);
            return true;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return false; // It ended by itself.
        }
    }

    private async Task LookAsync(
        DurableTaskClient client, FlowPlace place, string id, CancellationToken cancellationToken)
    {
        try
        {
            OrchestrationMetadata? instance = await client.GetInstanceAsync(id, cancellationToken);
            if (instance is null || Over.Contains(instance.RuntimeStatus))
                await StartAsync(client, place, id, cancellationToken);
            else if (place.IsStuck && IsQuiet(instance))
                await ReplaceAsync(client, place, id, instance.RuntimeStatus, cancellationToken);
            else
                await client.RaiseEventAsync(id, FlowOrchestrator.Look, true, cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            // It ended between the question and the event.
            await StartAsync(client, place, id, cancellationToken);
        }
    }

    private async Task StartAsync(
        DurableTaskClient client, FlowPlace place, string id, CancellationToken cancellationToken)
    {
        try
        {
            // Said outright: what a backend does with an id that runs already is its own affair otherwise.
            StartOrchestrationOptions once = new StartOrchestrationOptions(id).WithDedupeStatuses(Alive);
            await client.ScheduleNewOrchestrationInstanceAsync(place.Name, place, once, cancellationToken);
            logger.FlowStarted(id);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Somebody was quicker; its first step sees what this look is about.
        }
    }

    /// <summary>
    /// An instance that was told twice and did not move is ended, and a new one takes its place. Whoever does the same
    /// at the same time finds it running.
    /// </summary>
    private async Task ReplaceAsync(
        DurableTaskClient client, FlowPlace place, string id, OrchestrationRuntimeStatus status,
        CancellationToken cancellationToken)
    {
        logger.FlowReplaced(id, status.ToString());
        // One that does not even end is tried again by the next look.
        if (await EndAsync(client, id, "stood still", cancellationToken))
            await StartAsync(client, place, id, cancellationToken);
    }

    private bool IsQuiet(OrchestrationMetadata instance) =>
        StuckInstance.IsQuiet(instance.LastUpdatedAt, time.GetUtcNow());

    /// <returns>False when it was told to and has not.</returns>
    private static async Task<bool> EndAsync(
        DurableTaskClient client, string id, string reason, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? instance = await client.GetInstanceAsync(id, cancellationToken);
        if (instance is null || Over.Contains(instance.RuntimeStatus)) return true;
        await client.TerminateInstanceAsync(id, reason, cancellationToken);
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(EndsWithin);
        try
        {
            await client.WaitForInstanceCompletionAsync(id, wait.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
