using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Conversations.Contacts;

/// <summary>What is known of a customer's interest: one a contact.</summary>
internal record LeadRow
{
    public Guid Id { get; init; }

    public Guid ContactId { get; init; }

    public string Name { get; init; } = "";

    public string? Phone { get; init; }

    public string Source { get; init; } = "";

    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary><c>unknown</c>, <c>cold</c>, <c>warm</c> or <c>hot</c>.</summary>
    public string Qualification { get; init; } = "";

    public short Score { get; init; }

    /// <summary>What the assistant gathered.</summary>
    public JsonElement Fields => JsonElement.Parse(FieldsText);

    [JsonIgnore]
    public string FieldsText { get; init; } = "{}";

    public DateTime LastActivityAt { get; init; }

    public DateTime CreatedAt { get; init; }
}

/// <summary>One lead by itself.</summary>
internal sealed record LeadDetail : LeadRow
{
    /// <summary><c>none</c>, <c>running</c>, <c>recovered</c> or <c>lost</c>.</summary>
    public string Reengagement { get; init; } = "";

    /// <summary>What the customer wrote within 30 days.</summary>
    public long RecentMessages { get; init; }

    /// <summary>The one that was active last; null without any.</summary>
    public Guid? ConversationId { get; init; }
}
