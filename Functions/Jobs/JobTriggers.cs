using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Vellarys.Functions.Flows;
using Vellarys.Jobs;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Jobs;

/// <summary>
/// One timer a job. The host keeps each to one instance and remembers the last run; what becomes of a late one is the
/// job's own affair.
/// </summary>
public sealed class JobTriggers(RunJob jobs, RelayOutbox relay, FlowClient flowClient)
{
    [Function("Job" + nameof(JobNames.WatchCustody))]
    public Task WatchCustody(
        [TimerTrigger(JobTimers.WatchCustody)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.WatchCustody, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.SweepDeliveries))]
    public Task SweepDeliveries(
        [TimerTrigger(JobTimers.SweepDeliveries)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.SweepDeliveries, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.WatchFlows))]
    public Task WatchFlows(
        [TimerTrigger(JobTimers.WatchFlows)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.WatchFlows, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.ScanReengagement))]
    public Task ScanReengagement(
        [TimerTrigger(JobTimers.ScanReengagement)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.ScanReengagement, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.MessagePartitions))]
    public Task MessagePartitions(
        [TimerTrigger(JobTimers.MessagePartitions)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.MessagePartitions, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.PruneReceipts))]
    public Task PruneReceipts(
        [TimerTrigger(JobTimers.PruneReceipts)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.PruneReceipts, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.PruneMedia))]
    public Task PruneMedia(
        [TimerTrigger(JobTimers.PruneMedia)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.PruneMedia, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.PruneWebhooks))]
    public Task PruneWebhooks(
        [TimerTrigger(JobTimers.PruneWebhooks)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.PruneWebhooks, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.WatchWebhooks))]
    public Task WatchWebhooks(
        [TimerTrigger(JobTimers.WatchWebhooks)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.WatchWebhooks, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.CheckIndexes))]
    public Task CheckIndexes(
        [TimerTrigger(JobTimers.CheckIndexes)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.CheckIndexes, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.LearnFromConversations))]
    public Task LearnFromConversations(
        [TimerTrigger(JobTimers.LearnFromConversations)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.LearnFromConversations, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.CheckPool))]
    public Task CheckPool(
        [TimerTrigger(JobTimers.CheckPool)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.CheckPool, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.ProbeChannels))]
    public Task ProbeChannels(
        [TimerTrigger(JobTimers.ProbeChannels)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.ProbeChannels, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.WatchCampaigns))]
    public Task WatchCampaigns(
        [TimerTrigger(JobTimers.WatchCampaigns)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.WatchCampaigns, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.SyncTemplates))]
    public Task SyncTemplates(
        [TimerTrigger(JobTimers.SyncTemplates)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.SyncTemplates, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.CountPlans))]
    public Task CountPlans(
        [TimerTrigger(JobTimers.CountPlans)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.CountPlans, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.SealSecrets))]
    public Task SealSecrets(
        [TimerTrigger(JobTimers.SealSecrets)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.SealSecrets, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.RelayOutbox))]
    public Task RelayOutbox(
        [TimerTrigger(JobTimers.RelayOutbox)] TimerInfo timer, CancellationToken cancellationToken) =>
        RunAsync(JobNames.RelayOutbox, timer, cancellationToken);

    [Function("Job" + nameof(JobNames.ReconcileFlows))]
    public Task ReconcileFlows(
        [TimerTrigger(JobTimers.ReconcileFlows)] TimerInfo timer,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        flowClient.Use(client);
        return RunAsync(JobNames.ReconcileFlows, timer, cancellationToken);
    }

    [Function("Job" + nameof(JobNames.PurgeFlowInstances))]
    public Task PurgeFlowInstances(
        [TimerTrigger(JobTimers.PurgeFlowInstances)] TimerInfo timer,
        [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        flowClient.Use(client);
        return RunAsync(JobNames.PurgeFlowInstances, timer, cancellationToken);
    }

    private async Task RunAsync(string name, TimerInfo timer, CancellationToken cancellationToken)
    {
        await jobs.RunAsync(name, timer.IsPastDue, cancellationToken);
        await relay.TryRunAsync(cancellationToken);
    }
}
