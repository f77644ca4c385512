using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Accounts.Teams;

/// <summary>One who answers customers when the bot does not.</summary>
internal sealed record AgentRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    /// <summary><c>agent</c> or <c>supervisor</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary><c>online</c>, <c>away</c> or <c>offline</c>.</summary>
    public string Presence { get; init; } = "";

    public int Capacity { get; init; }

    /// <summary>Conversations that wait for them or that they answer.</summary>
    public int Load { get; init; }

    public string[] Skills { get; init; } = [];

    public Guid[] Teams { get; init; } = [];

    [JsonIgnore]
    public string? StoredHours { get; init; }

    /// <summary>Null for the tenant's own.</summary>
    public JsonElement? Hours => StoredHours is null ? null : JsonElement.Parse(StoredHours);

    public string? NotifyUrl { get; init; }

    public string? NotifyPhone { get; init; }

    public bool Active { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
