namespace Vellarys.Conversations.Ledger;

/// <summary>
/// What the ledger says of a recorded event: the one rule behind the balance and the look at one message.
/// </summary>
internal static class LedgerOutcome
{
    public const string Replied = "replied";
    public const string HandedOff = "handed_off";
    public const string Ignored = "ignored";
    public const string Failed = "failed";
    public const string Open = "open";

    /// <summary>States of a reply's delivery that close its message; <see cref="Of"/> judges them.</summary>
    public static IReadOnlyList<string> Closing { get; } = ["sent", "failed", "cancelled"];

    /// <summary>A reply counts once it was sent, fails visibly if it was not, and is open until then.</summary>
    /// <param name="kind"><c>M</c> for a message; all else wants no answer.</param>
    /// <param name="turn">The outcome of the turn that covers the message; null while it has none.</param>
    /// <param name="delivery">The state of the reply's delivery; null without a reply.</param>
    public static string Of(string kind, string? turn, string? delivery) => (turn, delivery) switch
    {
        _ when kind != "M" => Ignored,
        (null, _) => Open,
        (Replied, "sent") => Replied,
        (Replied, "failed") => Failed,
        (Replied, "cancelled") => HandedOff,
        (Replied, _) => Open,
        _ => turn,
    };
}
