namespace Vellarys.Messaging;

/// <summary>
/// What this release cannot handle, because one that is deployed beside it sent it: it waits for that one.
/// </summary>
public static class NewerRelease
{
    /// <summary>
    /// How long before it is looked at again, perhaps by that release; a broker's copies widen it, to half a minute.
    /// </summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// For what none of this release's instances can take: after a way back that may last days, and each look costs.
    /// </summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);

    /// <summary>An outage, so that no attempt is counted.</summary>
    public static TransientFault Awaited(string code, string what, TimeSpan wait) =>
        new(code, what) { IsOutage = true, RetryAfter = wait };
}
