using System.Collections.Concurrent;
using DurableTask.Core.Exceptions;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;

namespace Vellarys.Functions.Flows;

/// <summary>
/// The instances behind flow rows: one a flow, told when something happened, replaced when it is gone.
/// </summary>
public sealed class FlowInstances(
    RouteFlowWakeUp route, ListOpenFlows open, FlowKinds kinds, TimeProvider time, ILogger<FlowInstances> logger)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepEnded = TimeSpan.FromDays(7);
    private static readonly TimeSpan UntilDeployed = TimeSpan.FromMinutes(5);

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
        await received.DeferAsync(UntilDeployed, "no orchestrator in this release", cancellationToken);
    }

    /// <summary>
    /// Every open flow has a living instance afterwards. Returns how many had none. Flows of a kind that this release
    /// cannot run are left to one that can, and reported.
    /// </summary>
    /// <exception cref="PermanentFault">There are such flows; the others have their instances.</exception>
    public async Task<int> ReconcileAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        HashSet<string> alive = [];
        OrchestrationQuery query = new() { Statuses = Alive };
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(query)
            .WithCancellation(cancellationToken)) alive.Add(instance.InstanceId);
        ConcurrentDictionary<string, int> unknown = new(StringComparer.Ordinal);
        int missing = 0;
        int failed = 0;
        ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(open.RunAsync(cancellationToken), some, async (place, stop) =>
        {
            if (alive.Contains(IdOf(place))) return;
            if (!kinds.Names.Contains(place.Name))
            {
                unknown.AddOrUpdate(place.Name, 1, (_, count) => count + 1);
                return;
            }

            Interlocked.Increment(ref missing);
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

    private async Task LookAsync(DurableTaskClient client, FlowPlace place, CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(client, place, IdOf(place), cancellationToken);
        }
        catch (RpcException e)
        {
            throw new TransientFault("durable_" + e.StatusCode, "The flow's runner is away.", e) { IsOutage = true };
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
            else if (place.IsStuck && instance.LastUpdatedAt < time.GetUtcNow() - Stuck)
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
        await client.TerminateInstanceAsync(id, "stood still", cancellationToken);
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(EndsWithin);
        try
        {
            await client.WaitForInstanceCompletionAsync(id, wait.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It does not even end: the next look tries again.
            return;
        }

        await StartAsync(client, place, id, cancellationToken);
    }
}
