using System.Collections.Concurrent;

namespace Vellarys.Channels.Gateways;

/// <summary>
/// Who wrote the messages that came in lately: gateways mark a message as read only for whoever names its chat too, and
/// the mark is all that is lost where this process has not seen it.
/// </summary>
internal sealed class RecentSenders
{
    private const int Generation = 5_000;
    private ConcurrentDictionary<(Guid, string), string> _young = new();
    private ConcurrentDictionary<(Guid, string), string> _old = new();

    public void Remember(Channel? channel, WebhookContent content)
    {
        if (channel is null) return;
        foreach (WebhookItem item in content.Items)
        {
            if (item.Event is not { Kind: InboundKind.Message, Address: { } address }) continue;
            if (_young.Count >= Generation) (_old, _young) = (_young, new());
            _young[(channel.Id.Value, item.Event.EventId)] = address;
        }
    }

    /// <summary>Null when it has not come here, or long ago.</summary>
    public string? Find(Channel channel, string messageId) =>
        _young.TryGetValue((channel.Id.Value, messageId), out string? address)
        || _old.TryGetValue((channel.Id.Value, messageId), out address) ? address : null;
}
