namespace Vellarys.Channels.Templates;

/// <summary>A template as its provider has it.</summary>
internal sealed record TemplateRow
{
    public Guid Id { get; init; }

    public Guid ChannelId { get; init; }

    public string Name { get; init; } = "";

    public string Language { get; init; } = "";

    /// <summary><c>marketing</c>, <c>utility</c> or <c>authentication</c>; null where it is not known.</summary>
    public string? Category { get; init; }

    /// <summary>
    /// <c>draft</c> (not handed in), <c>pending</c>, <c>approved</c>, <c>rejected</c>, <c>paused</c> or
    /// <c>disabled</c>: only an approved one is sent.
    /// </summary>
    public string Status { get; init; } = "";

    /// <summary>Why it is not approved, in the provider's words.</summary>
    public string? Reason { get; init; }

    /// <summary>As the provider rates it: <c>GREEN</c>, <c>YELLOW</c>, <c>RED</c>, <c>UNKNOWN</c>.</summary>
    public string? Quality { get; init; }

    /// <summary>With its places as <c>{{1}}</c>.</summary>
    public string Body { get; init; } = "";

    /// <summary>How many texts fill it.</summary>
    public int Places { get; init; }

    /// <summary>When it was last read from the provider; null for one that is known here only.</summary>
    public DateTime? SyncedAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
