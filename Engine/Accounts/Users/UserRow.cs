namespace Vellarys.Accounts.Users;

/// <summary>Somebody who works for the tenant.</summary>
internal sealed record UserRow
{
    public Guid Id { get; init; }

    public string Email { get; init; } = "";

    public string Username { get; init; } = "";

    /// <summary>As the tenant calls them.</summary>
    public string Name { get; init; } = "";

    public string Role { get; init; } = "";

    public Guid? ProfileId { get; init; }

    /// <summary>Whether they may sign in to this tenant.</summary>
    public bool Active { get; init; }

    public bool HasTotp { get; init; }

    /// <summary>As whom they answer customers.</summary>
    public Guid? AgentId { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
