using System.Text.Json.Serialization;

namespace Vellarys.Database.Pool;

/// <summary>The pool of this instance as <c>GET /health/pool</c> shows it, in snake case.</summary>
internal sealed record PoolReport(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
    [property: JsonPropertyName("configuration")] PoolConfiguration Configuration,
    [property: JsonPropertyName("current_state")] PoolState CurrentState,
    [property: JsonPropertyName("usage")] PoolUsed Usage,
    [property: JsonPropertyName("recommendations")] IReadOnlyList<string> Recommendations)
{
    /// <summary>Of all instances; null for callers who are told of this one only.</summary>
    [JsonPropertyName("instances")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InstancesReport? Instances { get; init; }

    [JsonIgnore]
    public PoolLevel Level => PoolLevels.Of(Usage.Percent);

    public static PoolReport Of(PoolConfiguration configuration, int checkedOut, DateTimeOffset at)
    {
        int capacity = configuration.PoolSize + configuration.MaxOverflow;
        double percent = Math.Round(100.0 * checkedOut / capacity, 1);
        PoolLevel level = PoolLevels.Of(percent);
        string word = Word(level);
        return new PoolReport(
            word,
            at,
            configuration,
            new PoolState(checkedOut, Math.Max(0, checkedOut - configuration.PoolSize), capacity),
            new PoolUsed(percent, Math.Max(0, capacity - checkedOut), word),
            Advice(level));
    }

    public static string Word(PoolLevel level) => level switch
    {
        PoolLevel.Healthy => "healthy",
        PoolLevel.Warning => "warning",
        PoolLevel.Alert => "alert",
        _ => "degraded",
    };

    private static string[] Advice(PoolLevel level) => level switch
    {
        PoolLevel.Healthy => [],
        PoolLevel.Warning => ["Watch it: more than half of the connections are in use."],
        PoolLevel.Alert =>
        [
            "Look for slow statements in the log, and for connections that are never given back.",
            "Raise Database:ConnectionBudget as far as the server's max_connections allows, or add PgBouncer.",
        ],
        _ =>
        [
            "Work waits for connections: end what holds them (pg_stat_activity, application_name vellarys/...).",
            "Raise Database:ConnectionBudget as far as the server's max_connections allows, or add PgBouncer.",
            "If usage stays high while the queues are empty, connections leak: restart the instance and report it.",
        ],
    };
}

/// <param name="PoolSize">What this instance may use at any time.</param>
/// <param name="MaxOverflow">How many more it opens when those are in use; beyond that callers wait.</param>
/// <param name="PoolTimeoutSeconds">How long a caller waits for a connection.</param>
/// <param name="PoolRecycleSeconds">After this a connection is replaced.</param>
internal sealed record PoolConfiguration(
    [property: JsonPropertyName("pool_size")] int PoolSize,
    [property: JsonPropertyName("max_overflow")] int MaxOverflow,
    [property: JsonPropertyName("pool_timeout_seconds")] int PoolTimeoutSeconds,
    [property: JsonPropertyName("pool_recycle_seconds")] int PoolRecycleSeconds);

internal sealed record PoolState(
    [property: JsonPropertyName("checked_out")] int CheckedOut,
    [property: JsonPropertyName("overflow_count")] int OverflowCount,
    [property: JsonPropertyName("total_capacity")] int TotalCapacity);

internal sealed record PoolUsed(
    [property: JsonPropertyName("percent")] double Percent,
    [property: JsonPropertyName("available_connections")] int AvailableConnections,
    [property: JsonPropertyName("status")] string Status);
