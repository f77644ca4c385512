namespace Vellarys.Jobs;

/// <summary>
/// The same schedules as <see cref="JobSchedules"/> for hosts that start jobs by timers: NCRONTAB with six fields
/// (second minute hour day month weekday), UTC. Constants, because a timer's attribute takes nothing else; a test holds
/// them against the intervals. Their seconds differ, so that jobs do not all start at once.
/// </summary>
public static class JobTimers
{
    public const string WatchCustody = "0 * * * * *";
    public const string SweepDeliveries = "15 * * * * *";
    public const string WatchFlows = "30 * * * * *";
    public const string ProbeChannels = "35 * * * * *";
    public const string CountPlans = "8 * * * * *";
    public const string WatchCampaigns = "18 * * * * *";
    public const string SyncTemplates = "52 * * * * *";
    public const string CheckPool = "45 * * * * *";
    public const string ScanReengagement = "20 */5 * * * *";
    public const string PruneReceipts = "40 47 * * * *";
    public const string WatchWebhooks = "33 * * * * *";
    public const string PruneWebhooks = "42 51 * * * *";
    public const string PruneMedia = "44 56 * * * *";
    public const string CheckIndexes = "50 23 */6 * * *";
    public const string SealSecrets = "27 */5 * * * *";
    public const string LearnFromConversations = "55 53 */2 * * *";
    public const string MessagePartitions = "10 17 3 * * *";
    public const string RelayOutbox = "*/15 * * * * *";
    public const string ReconcileFlows = "5 */10 * * * *";
    public const string PurgeFlowInstances = "25 37 4 * * *";
}
