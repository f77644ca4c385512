namespace Vellarys.Caching;

/// <summary>
/// What kind of thing is remembered, and for how long at most. There is no entry without an end. Lists, contacts,
/// profiles and settings are not here: one look into an index serves them as fast (decision 11).
/// </summary>
/// <param name="Name">Part of the key and tag of the metrics.</param>
public sealed record CacheNamespace(string Name, TimeSpan Ttl)
{
    /// <summary>Figures that say themselves until when they count; nothing invalidates them.</summary>
    public static CacheNamespace Dashboard { get; } = new("dashboard", TimeSpan.FromSeconds(60));

    /// <summary>Invalidated by whoever writes what they are made of.</summary>
    public static CacheNamespace Reports { get; } = new("reports", TimeSpan.FromSeconds(300));
}

/// <summary>Where one value is. Tenants never meet: each key carries its own.</summary>
/// <param name="Name">Unique within namespace and tenant; holds no personal data.</param>
public readonly record struct CacheKey(CacheNamespace Namespace, TenantId Tenant, string Name);
