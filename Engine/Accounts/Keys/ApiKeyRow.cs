namespace Vellarys.Accounts.Keys;

/// <summary>A tenant's key for a machine, without what opens.</summary>
internal sealed record ApiKeyRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string[] Scopes { get; init; } = [];

    public Guid? CreatedBy { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? ExpiresAt { get; init; }

    /// <summary>To the hour.</summary>
    public DateTime? LastUsedAt { get; init; }

    public DateTime? RevokedAt { get; init; }
}
