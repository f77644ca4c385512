using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// Reads a webhook body: entries of several business accounts, each with changes of several numbers, each with items.
/// Only a body that is not Meta's at all is refused; anything else becomes an item, at worst an unknown one.
/// </summary>
internal sealed class MetaWebhook(DateTimeOffset receivedAt, string? number)
{
    // Meta puts up to a thousand updates into a body.
    private const int MaxItems = 10_000;
    private readonly List<WebhookItem> _items = [];

    /// <param name="number">
    /// The telephone number of an account that is known by it and not by Meta's id; null where all are known by that.
    /// </param>
    public static WebhookContent Read(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, string? number = null)
    {
        using JsonDocument document = ProviderJson.Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new MalformedWebhook("$", "must be an object");
        if (root.Hint("object"u8) != "whatsapp_business_account")
            throw new MalformedWebhook("$.object", "must be \"whatsapp_business_account\"");
        if (!root.TryGetArray("entry"u8, out JsonElement entries))
            throw new MalformedWebhook("$.entry", "must be an array");

        var webhook = new MetaWebhook(receivedAt, number);
        foreach (JsonElement entry in entries.EnumerateArray()) webhook.ReadEntry(entry);
        return new WebhookContent(webhook._items);
    }

    private void ReadEntry(JsonElement entry)
    {
        if (!entry.TryGetArray("changes"u8, out JsonElement changes))
        {
            Add(new MetaChange(null, default, receivedAt).Unknown("entry", entry));
            return;
        }

        foreach (JsonElement change in changes.EnumerateArray()) ReadChange(change);
    }

    private void ReadChange(JsonElement element)
    {
        string? field = element.Hint("field"u8, 64);
        element.TryGetObject("value"u8, out JsonElement value);
        value.TryGetObject("metadata"u8, out JsonElement metadata);
        var change = new MetaChange(AddressOf(metadata), value, receivedAt);
        bool isKnown = field switch
        {
            // Not short-circuited: a change may hold both.
            "messages" => ReadEach(change, element, "messages"u8, MetaItems.Message)
                | ReadEach(change, element, "statuses"u8, MetaItems.Status),
            "smb_message_echoes" => ReadEach(change, element, "message_echoes"u8, MetaItems.Echo),
            "calls" => ReadEach(change, element, "calls"u8, MetaItems.Call)
                | ReadEach(change, element, "statuses"u8, MetaItems.Status),
            "user_preferences" => ReadEach(change, element, "user_preferences"u8, MetaItems.Preference),
            _ => false,
        };
        if (!isKnown) Add(change.Unknown(field, element));
    }

    private string? AddressOf(JsonElement metadata)
    {
        bool isOwn = number is not null
            && PhoneNumbers.Plain(metadata.StringOrNumber("display_phone_number"u8)) == number;
        return isOwn ? number : metadata.StringOrNumber("phone_number_id"u8);
    }

    /// <summary>False when the change has no such items.</summary>
    private bool ReadEach(
        MetaChange change, JsonElement element, ReadOnlySpan<byte> name,
        Func<MetaChange, JsonElement, InboundEvent?> read)
    {
        if (!change.Value.TryGet(name, out JsonElement list)) return false;
        if (list.ValueKind != JsonValueKind.Array)
        {
            Add(change.Unknown(element.Hint("field"u8, 64), element));
            return true;
        }

        foreach (JsonElement item in list.EnumerateArray())
        {
            Add(read(change, item) is { } happened
                ? new WebhookItem(change.Address, happened)
                : change.Unknown(item.Hint("type"u8, 64), item));
        }

        return true;
    }

    private void Add(WebhookItem item)
    {
        if (_items.Count == MaxItems) throw new MalformedWebhook("$.entry", $"holds more than {MaxItems} items");
        _items.Add(item);
    }
}
