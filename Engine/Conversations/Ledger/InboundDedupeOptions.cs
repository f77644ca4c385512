namespace Vellarys.Conversations.Ledger;

/// <summary>How long the proof that an event was received is kept.</summary>
internal sealed class InboundDedupeOptions
{
    public const string Section = "Receipts";

    /// <summary>
    /// After this a receipt is deleted, unless its message is still without an outcome. Default 30 days; at least 8,
    /// because Meta repeats a webhook for up to 7, and a copy that finds no receipt is taken for a new message.
    /// </summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Receipts deleted in one transaction. Default 1,000.</summary>
    public int Batch { get; set; } = 1_000;

    /// <summary>What is wrong, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Keep < TimeSpan.FromDays(8)) yield return $"{Section}:{nameof(Keep)} must be at least 8 days";
        if (Batch is < 1 or > 10_000) yield return $"{Section}:{nameof(Batch)} must lie between 1 and 10,000";
    }
}
