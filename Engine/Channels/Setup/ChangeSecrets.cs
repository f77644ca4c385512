using Vellarys.Secrets;

namespace Vellarys.Channels.Setup;

/// <summary>
/// A new webhook secret beside the old one, which stays good for a while, so that the provider can be told in peace;
/// and the end of one before its time.
/// </summary>
internal sealed class ChangeSecrets(
    ChannelSecretsStore store, SecretBox box, IChannelDirectory directory, TimeProvider time)
{
    /// <summary>Null once it is done.</summary>
    /// <param name="input">Without a fault.</param>
    public async Task<SecretRefusal?> AddAsync(
        TenantId tenant, ChannelId channel, SecretInput input, CancellationToken cancellationToken)
    {
        if (!box.HasKey) return SecretRefusal.NoKey;
        string secret = new ChannelSecrets(box, tenant, channel).WebhookSecret(input.Secret!);
        SecretRefusal? refusal = await store.AddAsync(
            tenant, channel, Ids.New(time), secret, TimeSpan.FromHours(input.OverlapHours), cancellationToken);
        directory.Invalidate();
        return refusal;
    }

    /// <summary>Null once it is done.</summary>
    public async Task<SecretRefusal?> EndAsync(
        TenantId tenant, ChannelId channel, Guid secret, CancellationToken cancellationToken)
    {
        SecretRefusal? refusal = await store.EndAsync(tenant, channel, secret, cancellationToken);
        directory.Invalidate();
        return refusal;
    }
}
