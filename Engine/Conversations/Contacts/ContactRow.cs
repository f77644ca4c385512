using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Conversations.Contacts;

/// <summary>A customer as staff sees one.</summary>
internal sealed record ContactRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string? Phone { get; init; }

    /// <summary><c>active</c> or <c>blocked</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>The id that the company's own system has for them.</summary>
    public string? ClientId { get; init; }

    /// <summary>Whatever the company keeps with them.</summary>
    public JsonElement Metadata => JsonElement.Parse(MetadataText);

    [JsonIgnore]
    public string MetadataText { get; init; } = "{}";

    public DateTime? OptedOutAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
