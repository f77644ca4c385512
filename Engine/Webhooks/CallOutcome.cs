namespace Vellarys.Webhooks;

/// <summary>What became of a call.</summary>
/// <param name="Status">Of the answer; null when none came.</param>
/// <param name="Reason">
/// Stable: <c>status_503</c>, <c>timeout</c>, <c>not_public</c>, <c>name</c>, <c>tls</c>, <c>connection</c>,
/// <c>secret</c> (it cannot be opened here); null when it was taken.
/// </param>
/// <param name="RetryAfter">What the other side asked for.</param>
internal sealed record CallOutcome(int? Status, string? Reason, int DurationMs, TimeSpan? RetryAfter = null)
{
    /// <summary>Any 2xx, and nothing else: a redirect is not followed.</summary>
    public bool IsTaken => Reason is null;

    public bool IsSlow => Reason == "timeout";
}
