using System.Text.Json;

namespace Vellarys.Channels.Gateways;

/// <summary>Makes events of what a gateway's webhook held; the channel is that of the path.</summary>
internal sealed class GatewayEvents(DateTimeOffset receivedAt)
{
    private readonly List<WebhookItem> _items = [];

    public WebhookContent Content => new(_items);

    public DateTimeOffset ReceivedAt => receivedAt;

    /// <summary>What a customer said, or somebody of the company on the phone itself.</summary>
    /// <param name="id">Of the message; a part behind a colon where one message makes several events.</param>
    public void Spoken(
        GatewayPerson person, GatewayContent content, string id, long? sentAt, JsonElement item, bool isEcho)
    {
        if (content.Kind == InboundKind.Unknown)
        {
            Ignored(content.Type, item, sentAt);
            return;
        }

        Add(Event(isEcho ? InboundKind.Echo : content.Kind, id, content.Type, sentAt) with
        {
            Address = person.Address,
            Identities = person.Identities,
            ProfileName = isEcho ? null : person.Name,
            Text = content.Text,
            Source = isEcho ? null : content.Source,
            RefersTo = content.RefersTo,
            Details = content.Details.List,
            Media = content.Media,
            Raw = content.IsWhole ? null : GatewayRaw.Of(item),
        });
    }

    /// <summary>What became of a message of ours.</summary>
    /// <param name="claim">What we sent along with it, where the gateway returns it.</param>
    public void Status(string id, string state, long? at, string? errorCode = null, Guid? claim = null) =>
        Add(Event(InboundKind.Status, $"{id}:{state}", "status", at) with
        {
            Status = new StatusReport(id, state, claim, errorCode),
        });

    /// <summary>Kept with its reason, opening nothing: a group, the connection, what nobody knows.</summary>
    public void Ignored(string reason, JsonElement item, long? at = null) =>
        Add(Event(InboundKind.Unknown, item.Fingerprint(), Word(reason), at) with { Raw = GatewayRaw.Of(item) });

    private InboundEvent Event(InboundKind kind, string id, string type, long? at) => new()
    {
        Tenant = Guid.Empty,
        Channel = Guid.Empty,
        Kind = kind,
        EventId = id,
        Type = type,
        ReceivedAt = receivedAt,
        SentAt = ProviderTime.Of(at, receivedAt),
    };

    private void Add(InboundEvent happened) => _items.Add(new WebhookItem(null, happened));

    private static string Word(string reason)
    {
        string word = new(
            [.. reason.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_')]);
        return word.Length == 0 ? "unknown" : word;
    }
}
