namespace Vellarys.Jobs;

/// <summary>What is on record of a job's last runs, on whatever instance; ages by the database's clock.</summary>
internal sealed record JobState(
    string Name,
    DateTime? LastStartedAt = null,
    DateTime? LastSucceededAt = null,
    DateTime? LastFailedAt = null,
    long? LastDurationMs = null,
    string? LastFailureCode = null,
    int ConsecutiveFailures = 0,
    DateTime ReadAt = default)
{
    public TimeSpan? SinceStarted => ReadAt - LastStartedAt;

    public TimeSpan? SinceSuccess => ReadAt - LastSucceededAt;

    /// <summary>The last run succeeded.</summary>
    public bool HasSucceeded => LastSucceededAt >= LastStartedAt;

    /// <summary>The last run came to an end, good or bad.</summary>
    public bool HasEnded => HasSucceeded || LastFailedAt >= LastStartedAt;
}
