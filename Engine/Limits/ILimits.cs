namespace Vellarys.Limits;

/// <summary>
/// Budgets that every instance draws on. A hint with teeth: where they are kept may be away for a while, and then each
/// instance goes on with its share. Nothing is ever lost by a refusal, it only comes later.
/// </summary>
public interface ILimits
{
    /// <summary>
    /// Takes from every bucket or from none. A wait of no more than <paramref name="patience"/> is a reservation: what
    /// it was asked for has its place and may go once the wait is over, in the order of asking. All its buckets are
    /// used at that moment, also those that would not have made it wait.
    /// </summary>
    /// <param name="takes">At most one for each bucket.</param>
    ValueTask<LimitVerdict> TakeAsync(
        IReadOnlyList<LimitTake> takes, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>
    /// Books what was used all the same, into debt if need be; a negative cost gives back. Whoever comes later waits
    /// the longer, but no debt lasts longer than a full bucket takes to refill and three minutes.
    /// </summary>
    ValueTask ChargeAsync(IReadOnlyList<LimitTake> takes, CancellationToken cancellationToken);

    /// <summary>
    /// Nobody takes from the bucket for a while: the other side asked to be left alone. No longer than a debt lasts.
    /// </summary>
    ValueTask BlockAsync(LimitRule rule, string subject, TimeSpan pause, CancellationToken cancellationToken);
}

/// <summary>What became of a request.</summary>
/// <param name="Wait">Allowed: how long until it may go. Refused: when to ask again.</param>
/// <param name="Bucket">The rule that made it wait, for logs and metrics; null when none did.</param>
public readonly record struct LimitVerdict(bool Allowed, TimeSpan Wait, string? Bucket)
{
    /// <summary>At once.</summary>
    public static LimitVerdict Go { get; } = new(true, TimeSpan.Zero, null);
}
