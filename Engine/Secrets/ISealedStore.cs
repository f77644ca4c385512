namespace Vellarys.Secrets;

/// <summary>
/// A room that stores sealed secrets besides the channels: one job renews them all, one line counts them.
/// </summary>
internal interface ISealedStore
{
    /// <summary>
    /// Seals what is in plain and what an older master key sealed, and leaves alone what cannot be opened.
    /// </summary>
    /// <returns>How many rows changed.</returns>
    Task<int> RenewAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Of all tenants: how many are in plain, and how many are sealed with an older key.</summary>
    Task<(long InPlain, long OfOlderKeys)> CountAsync(CancellationToken cancellationToken);
}
