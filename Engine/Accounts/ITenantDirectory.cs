namespace Vellarys.Accounts;

/// <summary>Tenants and their settings, from memory; looked up in the database when not seen before.</summary>
public interface ITenantDirectory
{
    /// <summary>The tenant, or null when there is none such.</summary>
    ValueTask<Tenant?> FindAsync(TenantId id, CancellationToken cancellationToken);

    /// <summary>Every active tenant, for jobs that go through all of them.</summary>
    ValueTask<IReadOnlyList<Tenant>> AllAsync(CancellationToken cancellationToken);

    /// <summary>Suspended ones too: for jobs that delete what is too old to keep.</summary>
    ValueTask<IReadOnlyList<TenantId>> EveryIdAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what it knows, after a change.</summary>
    void Invalidate();
}
