namespace Vellarys.Jobs;

/// <summary>The list of jobs, for every host. A test holds it against the jobs that are registered.</summary>
public static class JobSchedules
{
    public static JobSchedule WatchCustody { get; } =
        new(JobNames.WatchCustody, TimeSpan.FromMinutes(1), JobTimers.WatchCustody, LateRun.CatchUp);

    public static JobSchedule ScanReengagement { get; } =
        new(JobNames.ScanReengagement, TimeSpan.FromMinutes(5), JobTimers.ScanReengagement, LateRun.CatchUp);

    public static JobSchedule SweepDeliveries { get; } =
        new(JobNames.SweepDeliveries, TimeSpan.FromMinutes(1), JobTimers.SweepDeliveries, LateRun.Skip);

    public static JobSchedule WatchFlows { get; } =
        new(JobNames.WatchFlows, TimeSpan.FromMinutes(1), JobTimers.WatchFlows, LateRun.Skip);

    public static JobSchedule ProbeChannels { get; } =
        new(JobNames.ProbeChannels, TimeSpan.FromMinutes(1), JobTimers.ProbeChannels, LateRun.CatchUp);

    public static JobSchedule SealSecrets { get; } =
        new(JobNames.SealSecrets, TimeSpan.FromMinutes(5), JobTimers.SealSecrets, LateRun.Skip);

    public static JobSchedule CountPlans { get; } =
        new(JobNames.CountPlans, TimeSpan.FromMinutes(1), JobTimers.CountPlans, LateRun.Skip);

    public static JobSchedule WatchCampaigns { get; } =
        new(JobNames.WatchCampaigns, TimeSpan.FromMinutes(1), JobTimers.WatchCampaigns, LateRun.Skip);

    public static JobSchedule SyncTemplates { get; } =
        new(JobNames.SyncTemplates, TimeSpan.FromMinutes(1), JobTimers.SyncTemplates, LateRun.Skip);

    public static JobSchedule MessagePartitions { get; } = new(
        JobNames.MessagePartitions, TimeSpan.FromDays(1), JobTimers.MessagePartitions, LateRun.CatchUpWhenOverdue);

    public static JobSchedule PruneReceipts { get; } =
        new(JobNames.PruneReceipts, TimeSpan.FromHours(1), JobTimers.PruneReceipts, LateRun.CatchUpWhenOverdue);

    public static JobSchedule PruneWebhooks { get; } =
        new(JobNames.PruneWebhooks, TimeSpan.FromHours(1), JobTimers.PruneWebhooks, LateRun.CatchUpWhenOverdue);

    public static JobSchedule PruneMedia { get; } =
        new(JobNames.PruneMedia, TimeSpan.FromHours(1), JobTimers.PruneMedia, LateRun.CatchUpWhenOverdue);

    public static JobSchedule WatchWebhooks { get; } =
        new(JobNames.WatchWebhooks, TimeSpan.FromMinutes(1), JobTimers.WatchWebhooks, LateRun.Skip);

    public static JobSchedule CheckIndexes { get; } =
        new(JobNames.CheckIndexes, TimeSpan.FromHours(6), JobTimers.CheckIndexes, LateRun.Skip);

    public static JobSchedule LearnFromConversations { get; } = new(
        JobNames.LearnFromConversations, TimeSpan.FromHours(2), JobTimers.LearnFromConversations, LateRun.Skip);

    public static JobSchedule CheckPool { get; } = new(
        JobNames.CheckPool, TimeSpan.FromMinutes(1), JobTimers.CheckPool, LateRun.Skip, JobScope.EachInstance);

    public static JobSchedule RelayOutbox { get; } =
        new(JobNames.RelayOutbox, TimeSpan.FromSeconds(15), JobTimers.RelayOutbox, LateRun.CatchUp);

    public static JobSchedule ReconcileFlows { get; } =
        new(JobNames.ReconcileFlows, TimeSpan.FromMinutes(10), JobTimers.ReconcileFlows, LateRun.CatchUp);

    public static JobSchedule PurgeFlowInstances { get; } = new(
        JobNames.PurgeFlowInstances, TimeSpan.FromDays(1), JobTimers.PurgeFlowInstances, LateRun.CatchUpWhenOverdue);

    /// <summary>What every host runs.</summary>
    public static IReadOnlyList<JobSchedule> All { get; } =
    [
        WatchCustody, ScanReengagement, SweepDeliveries, WatchFlows, MessagePartitions, PruneReceipts, PruneWebhooks,
        PruneMedia, CheckIndexes, CheckPool, ProbeChannels, LearnFromConversations, SealSecrets, CountPlans,
        WatchWebhooks, WatchCampaigns, SyncTemplates,
    ];

    /// <summary>What a host runs besides, whose queues and flow runner lie outside the database.</summary>
    public static IReadOnlyList<JobSchedule> Outside { get; } = [RelayOutbox, ReconcileFlows, PurgeFlowInstances];
}
