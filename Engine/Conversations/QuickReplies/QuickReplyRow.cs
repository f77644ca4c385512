namespace Vellarys.Conversations.QuickReplies;

/// <summary>A text that staff sends often.</summary>
internal sealed record QuickReplyRow
{
    public Guid Id { get; init; }

    /// <summary>What is typed for it, without the slash.</summary>
    public string Shortcut { get; init; } = "";

    public string Text { get; init; } = "";

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
