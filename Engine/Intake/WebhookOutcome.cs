namespace Vellarys.Intake;

/// <summary>What became of a webhook.</summary>
internal abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    /// <summary>Every event is durable: queued, or kept until it has a channel.</summary>
    /// <param name="Count">Events that were queued.</param>
    public sealed record Accepted(int Count) : WebhookOutcome;

    /// <summary>Not signed, or not by whom it should be.</summary>
    public sealed record Unauthorized : WebhookOutcome;

    /// <summary>Signed, but not the provider's JSON.</summary>
    /// <param name="Field">The JSON path, <c>$</c> for the whole body.</param>
    public sealed record Malformed(string Field, string Reason) : WebhookOutcome;

    /// <summary>More bytes than any provider sends.</summary>
    public sealed record TooLarge : WebhookOutcome;

    /// <summary>It did not arrive in time.</summary>
    public sealed record TooSlow : WebhookOutcome;

    /// <summary>The path names no channel.</summary>
    public sealed record UnknownChannel : WebhookOutcome;

    /// <summary>Nothing was queued; the provider is to send it again.</summary>
    public sealed record Unavailable(TimeSpan RetryAfter) : WebhookOutcome;
}
