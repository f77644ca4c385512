using Vellarys.Channels;

namespace Vellarys.Conversations;

/// <summary>Which adapter reads a webhook, and which channel an item belongs to.</summary>
public sealed class AcceptWebhookRouting(IEnumerable<IChannel> channels, IChannelDirectory directory)
{
    private readonly Dictionary<string, IChannel> _channels = channels.ToDictionary(c => c.Kind);

    /// <summary>The path's target: a channel's id, or the kind of a provider whose app serves many numbers.</summary>
    internal async ValueTask<WebhookTarget?> FindTargetAsync(string target, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(target, out Guid id))
        {
            string kind = target == "meta" ? "meta-cloud" : target;
            return _channels.TryGetValue(kind, out IChannel? app) ? new WebhookTarget(app, null) : null;
        }

        ChannelAccount? account = await directory.FindAsync(new ChannelId(id), cancellationToken);
        return account is not null && _channels.TryGetValue(account.Kind, out IChannel? own)
            ? new WebhookTarget(own, account)
            : null;
    }

    /// <summary>
    /// Null for a number that nobody has. Whoever signs with a secret of its own can only write to its own tenant, and
    /// the installation's app not to a number that has an app of its own: that app's secret vouches for it, no other.
    /// </summary>
    internal async ValueTask<ChannelAccount?> FindChannelAsync(
        WebhookTarget target, WebhookItem item, CancellationToken cancellationToken)
    {
        ChannelAccount? account = target.Account;
        if (item.Address is null || item.Address == account?.Address) return account;
        ChannelAccount? other = await directory.FindAsync(target.Channel.Kind, item.Address, cancellationToken);
        bool isOwnApp = account is { WebhookSecrets.Count: > 0 };
        bool mayWrite = isOwnApp ? other?.Tenant == account!.Tenant : other is not { WebhookSecrets.Count: > 0 };
        return mayWrite ? other : null;
    }
}

/// <summary>Whom a webhook was posted to.</summary>
/// <param name="Account">Null on an app-level path.</param>
internal sealed record WebhookTarget(IChannel Channel, ChannelAccount? Account)
{
    /// <summary>An event of it that belongs to no channel here, as it is kept.</summary>
    public UnroutedEvent Keep(WebhookItem item) => new(
        Channel.Kind, item.Address ?? "", item.Event, item.Address is null ? "no_number" : "unknown_number",
        // Whoever signs with a secret of its own speaks for its own tenant alone, also later.
        Account is { WebhookSecrets.Count: > 0 } own ? own.Tenant : null);
}
