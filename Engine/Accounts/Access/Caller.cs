using System.Collections.Frozen;
using Vellarys.Http;

namespace Vellarys.Accounts.Access;

/// <summary>Who sends a request, and what that one may do. A feature of every request that is not open to
/// all.</summary>
internal sealed record Caller(CallerKind Kind)
{
    /// <summary>
    /// The only tenant that the caller may name; null for one who names it (the installation's key), and for somebody
    /// who signed in to none.
    /// </summary>
    public TenantId? Tenant { get; init; }

    public Guid? User { get; init; }

    public Guid? Session { get; init; }

    /// <summary>Of a key for machines.</summary>
    public Guid? Key { get; init; }

    public FrozenSet<string> Permissions { get; init; } = [];

    /// <summary>The membership's, or <c>support</c>.</summary>
    public string? Role { get; init; }

    public bool IsPlatformAdmin { get; init; }

    /// <summary>Whoever holds the installation's key, or sits at an installation that has none.</summary>
    public static Caller Installation { get; } = new(CallerKind.Installation)
    {
        Permissions = [.. Http.Permissions.OfTenants, .. Http.Permissions.OfPlatform],
        IsPlatformAdmin = true,
    };

    /// <summary>As the record of what was done says it.</summary>
    public string Word => Kind switch
    {
        CallerKind.User => "user",
        CallerKind.TenantKey => "key",
        _ => "installation",
    };

    public bool May(string permission) => Permissions.Contains(permission);

    /// <summary>Nobody gives away what they do not have.</summary>
    public bool MayGive(IEnumerable<string> permissions) => permissions.All(May);
}

/// <summary>What a caller showed.</summary>
internal enum CallerKind
{
    Installation,
    User,
    TenantKey,
}
