namespace Vellarys.Accounts.Profiles;

/// <summary>A set of permissions that a tenant gave a name.</summary>
internal sealed record ProfileRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string[] Permissions { get; init; } = [];

    /// <summary>How many have it.</summary>
    public long Users { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
