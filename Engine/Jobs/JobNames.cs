namespace Vellarys.Jobs;

/// <summary>Every job by its name. Stable: it names the lock, the row, the metric and the log lines.</summary>
public static class JobNames
{
    public const string WatchCustody = "watch-custody";
    public const string SweepDeliveries = "sweep-deliveries";
    public const string WatchFlows = "watch-flows";
    public const string ScanReengagement = "scan-reengagement";
    public const string MessagePartitions = "message-partitions";
    public const string PruneReceipts = "prune-receipts";
    public const string PruneWebhooks = "prune-webhooks";
    public const string WatchWebhooks = "watch-webhooks";
    public const string PruneMedia = "prune-media";
    public const string CheckIndexes = "check-indexes";
    public const string ProbeChannels = "probe-channels";
    public const string SealSecrets = "seal-secrets";
    public const string CountPlans = "count-plans";
    public const string WatchCampaigns = "watch-campaigns";
    public const string SyncTemplates = "sync-templates";
    public const string CheckPool = "check-pool";
    public const string RelayOutbox = "relay-outbox";
    public const string ReconcileFlows = "reconcile-flows";
    public const string LearnFromConversations = "learn-from-conversations";
    public const string PurgeFlowInstances = "purge-flow-instances";
}
