namespace Vellarys.Caching;

/// <summary>What kind of thing is remembered, and for how long at most. There is no entry without an end.</summary>
/// <param name="Name">Part of the key and tag of the metrics.</param>
public sealed record CacheNamespace(string Name, TimeSpan Ttl)
{
    public static CacheNamespace Conversations { get; } = new("conversations", TimeSpan.FromSeconds(60));

    public static CacheNamespace Profiles { get; } = new("profiles", TimeSpan.FromSeconds(3_600));

    public static CacheNamespace Contacts { get; } = new("contacts", TimeSpan.FromSeconds(300));

    public static CacheNamespace Dashboard { get; } = new("dashboard", TimeSpan.FromSeconds(60));

    public static CacheNamespace Reports { get; } = new("reports", TimeSpan.FromSeconds(300));

    public static CacheNamespace Settings { get; } = new("settings", TimeSpan.FromSeconds(300));
}

/// <summary>Where one value is. Tenants never meet: each key carries its own.</summary>
/// <param name="Name">Unique within namespace and tenant; holds no personal data.</param>
public readonly record struct CacheKey(CacheNamespace Namespace, TenantId Tenant, string Name);
