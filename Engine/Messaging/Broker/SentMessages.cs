namespace Vellarys.Messaging.Broker;

/// <summary>A message that the broker has.</summary>
/// <param name="Subject">What its second copies are known by.</param>
/// <param name="Follows">The subject of the one that it follows: a second copy of it follows the same.</param>
/// <param name="At">When it was sent; later than the one that it follows, whatever the clocks of instances say.</param>
public sealed record SentMessage(string Subject, string? Follows, DateTimeOffset At);

/// <summary>What is remembered of an order key.</summary>
public static class SentMessages
{
    /// <summary>
    /// How long it is remembered. A day: the next message may come while an outage or a backlog still keeps the one
    /// before, and after a day WhatsApp takes no answer to that any more. The queue keeps messages for 14 days,
    /// receipts are kept for 30.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>
    /// So many are remembered of each key: providers repeat what was not acknowledged while the next ones come in, and
    /// a second copy must be known for one.
    /// </summary>
    public const int Kept = 20;

    /// <summary>The newest first, each subject once: as it was sent first.</summary>
    public static IReadOnlyList<SentMessage> Merge(IEnumerable<SentMessage> some, IEnumerable<SentMessage> others) =>
        [.. All(some, others).Take(Kept)];

    /// <summary>As <see cref="Merge"/>, however many they are: within a call none may be forgotten.</summary>
    internal static IEnumerable<SentMessage> All(IEnumerable<SentMessage> some, IEnumerable<SentMessage> others) =>
        some.Concat(others).GroupBy(m => m.Subject, (_, copies) => copies.MinBy(m => m.At)!)
            .OrderByDescending(m => m.At);
}
