namespace Vellarys.Messaging.Admin;

/// <summary>Where a queue stands.</summary>
/// <param name="Waiting">Due, in nobody's hands.</param>
/// <param name="Active">Leased: running, or about to.</param>
/// <param name="Delayed">Scheduled, deferred or backing off.</param>
/// <param name="Completed">Since installation; a few seconds behind.</param>
/// <param name="Failed">Dead letters made since installation; a few seconds behind.</param>
/// <param name="OldestWaiting">How long the first in line has been due; null when nothing waits.</param>
public sealed record QueueCounts(
    string Queue, long Waiting, long Active, long Delayed, long Completed, long Failed, TimeSpan? OldestWaiting)
{
    /// <summary>
    /// False where nobody looked far enough: <see cref="OldestWaiting"/> is null then, and something may wait.
    /// </summary>
    public bool IsOldestKnown { get; init; } = true;
}
