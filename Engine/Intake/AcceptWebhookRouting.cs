using Vellarys.Channels;
using Vellarys.Intake.Unrouted;

namespace Vellarys.Intake;

/// <summary>Which adapter reads a webhook, and which channel an item belongs to.</summary>
internal sealed class AcceptWebhookRouting(IEnumerable<IProvider> providers, IChannelDirectory directory)
{
    private readonly Dictionary<string, IProvider> _providers = providers
        .SelectMany(p => p.Aliases.Prepend(p.Kind), (p, name) => (p, name))
        .ToDictionary(pair => pair.name, pair => pair.p);

    /// <summary>Paths that providers call beside those under <c>/api/v1</c>; each is a target as well.</summary>
    internal IEnumerable<string> OwnPaths => _providers.Keys.Where(name => name.StartsWith('/'));

    /// <summary>The path's target: a channel's id, or a name of a provider whose app serves many numbers.</summary>
    internal async ValueTask<WebhookTarget?> FindTargetAsync(string target, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(target, out Guid id))
            return _providers.TryGetValue(target, out IProvider? app) ? new WebhookTarget(app, null) : null;

        Channel? channel = await directory.FindAsync(new ChannelId(id), cancellationToken);
        return channel is not null && _providers.TryGetValue(channel.Kind, out IProvider? own)
            ? new WebhookTarget(own, channel)
            : null;
    }

    /// <summary>
    /// Whoever signs with a secret of its own can only write to its own tenant, and the installation's app not to a
    /// number that has an app of its own: that app's secret vouches for it, no other.
    /// </summary>
    internal async ValueTask<WebhookRoute> FindRouteAsync(
        WebhookTarget target, WebhookItem item, CancellationToken cancellationToken)
    {
        Channel? channel = target.Channel;
        if (item.Address is null) return new WebhookRoute(channel, UnroutedReason.NoNumber);
        if (item.Address == channel?.Address) return new WebhookRoute(channel, "");
        Channel? other = await directory.FindAsync(target.Provider.Kind, item.Address, cancellationToken);
        if (channel is { WebhookSecrets.Count: > 0 })
        {
            return new WebhookRoute(
                other?.Tenant == channel.Tenant ? other : null, UnroutedReason.UnknownNumber);
        }

        return other is { WebhookSecrets.Count: > 0 }
            ? new WebhookRoute(null, UnroutedReason.OtherApp)
            : new WebhookRoute(other, UnroutedReason.UnknownNumber);
    }
}

/// <summary>Where an event of a webhook goes.</summary>
/// <param name="Reason">One of <see cref="UnroutedReason"/>, where it goes to no channel.</param>
internal readonly record struct WebhookRoute(Channel? Channel, string Reason);

/// <summary>Whom a webhook was posted to.</summary>
/// <param name="Channel">Null on an app-level path.</param>
internal sealed record WebhookTarget(IProvider Provider, Channel? Channel)
{
    /// <summary>An event of it that belongs to no channel here, as it is kept.</summary>
    public UnroutedEvent Keep(WebhookItem item, string reason) => new(
        Provider.Kind, item.Address ?? "", item.Event, reason,
        // Whoever signs with a secret of its own speaks for its own tenant alone, also later.
        Channel is { WebhookSecrets.Count: > 0 } own ? own.Tenant : null);
}
