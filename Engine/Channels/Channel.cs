namespace Vellarys.Channels;

/// <summary>One connection of a tenant, as the directory holds it.</summary>
/// <param name="Kind">Which adapter serves it: <c>sandbox</c>, <c>meta-cloud</c>, <c>evolution</c>...</param>
/// <param name="Address">The provider's own key of the number: <c>phone_number_id</c> at Meta.</param>
/// <param name="AccessToken">What sending authenticates with. Never logged.</param>
/// <param name="WebhookSecrets">
/// What webhooks are signed with; two during a rotation. Empty: the installation's own (one Meta app, many numbers).
/// </param>
/// <param name="VerifyToken">What the provider's handshake must show. Empty: the installation's own.</param>
public sealed record Channel(
    TenantId Tenant,
    ChannelId Id,
    string Kind,
    string Address,
    string AccessToken,
    IReadOnlyList<string> WebhookSecrets,
    string VerifyToken,
    bool Active)
{
    /// <summary>
    /// Where the provider's API is, for a provider that companies run or rent themselves; null where all numbers share
    /// one.
    /// </summary>
    public Uri? Server { get; init; }

    /// <summary>
    /// The provider has refused the account once, and nothing was sent since: the next send decides.
    /// </summary>
    public bool InDoubt { get; init; }

    /// <summary>
    /// Why its stored secrets cannot be opened (<c>unknown_key</c>, <c>not_authentic</c>, <c>malformed</c>): it neither
    /// takes webhooks nor sends until they can. Null when nothing is wrong.
    /// </summary>
    public string? SecretFault { get; init; }

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"{Kind} channel {Id} of tenant {Tenant}";
}
