using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Words;

namespace Vellarys.Channels.Evolution;

/// <summary>
/// Reads a webhook of Evolution: <c>{"event","instance","data","sender",...}</c>, where <c>sender</c> is the company's
/// own number and <c>data</c> one thing or a list of them.
/// </summary>
internal sealed class EvolutionWebhook
{
    private const int MaxItems = 1_000;
    private readonly GatewayEvents _events;
    private readonly string? _own;
    private readonly Func<string, string?> _writer;

    private EvolutionWebhook(GatewayEvents events, string? own, Func<string, string?> writer) =>
        (_events, _own, _writer) = (events, own, writer);

    /// <param name="writer">The address of the customer who wrote a message, where it is known.</param>
    public static WebhookContent Read(
        ReadOnlyMemory<byte> body, DateTimeOffset receivedAt, Func<string, string?>? writer = null)
    {
        using JsonDocument document = ProviderJson.Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new MalformedWebhook("$", "must be an object");
        if (root.Text("event"u8) is not { } name) throw new MalformedWebhook("$.event", "must be a text");

        var events = new GatewayEvents(receivedAt);
        var webhook = new EvolutionWebhook(events, root.Text("sender"u8), writer ?? (_ => null));
        webhook.Read(Plain(name), root);
        return events.Content;
    }

    /// <summary><c>MESSAGES_UPSERT</c> of <c>messages.upsert</c> and of <c>messages-upsert</c>.</summary>
    private static string Plain(string name) =>
        name.ToUpperInvariant().Replace('.', '_').Replace('-', '_');

    private void Read(string name, JsonElement root)
    {
        switch (name)
        {
            case "MESSAGES_UPSERT":
                Each(root, EvolutionWay.Message);
                break;
            case "MESSAGES_UPDATE":
                Each(root, EvolutionWay.Status);
                break;
            case "MESSAGES_EDITED":
                Each(root, EvolutionWay.Edit);
                break;
            case "MESSAGES_DELETE":
                Each(root, EvolutionWay.Revoke);
                break;
            case "CALL":
                Each(root, EvolutionWay.Call);
                break;
            // Our own sends, what somebody does at this moment, address books, the past, a QR code that is a secret:
            // nothing that anybody said.
            case "SEND_MESSAGE" or "SEND_MESSAGE_UPDATE" or "PRESENCE_UPDATE" or "MESSAGES_SET"
                or "MESSAGING_HISTORY_SET" or "CONTACTS_SET" or "CONTACTS_UPSERT" or "CONTACTS_UPDATE" or "CHATS_SET"
                or "CHATS_UPSERT" or "CHATS_UPDATE" or "CHATS_DELETE" or "QRCODE_UPDATED" or "LABELS_EDIT"
                or "LABELS_ASSOCIATION" or "APPLICATION_STARTUP":
                break;
            case "GROUPS_UPSERT" or "GROUPS_UPDATE" or "GROUP_UPDATE" or "GROUP_PARTICIPANTS_UPDATE":
                _events.Ignored("group", root);
                break;
            case "CONNECTION_UPDATE" or "STATUS_INSTANCE" or "LOGOUT_INSTANCE" or "REMOVE_INSTANCE":
                _events.Ignored("connection", root);
                break;
            default:
                _events.Ignored(name, root);
                break;
        }
    }

    private void Each(JsonElement root, EvolutionWay way)
    {
        root.Find("data"u8, out JsonElement data);
        if (data.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in data.EnumerateArray().Take(MaxItems)) Read(item, way);
        }
        else if (data.ValueKind == JsonValueKind.Object && data.Part("message"u8).ValueKind != JsonValueKind.Object
            && data.List("messages"u8, MaxItems).ToArray() is { Length: > 0 } several)
        {
            foreach (JsonElement item in several) Read(item, way);
        }
        else Read(data.ValueKind == JsonValueKind.Undefined ? root : data, way);
    }

    private void Read(JsonElement item, EvolutionWay way)
    {
        bool isRead = item.ValueKind == JsonValueKind.Object && way switch
        {
            EvolutionWay.Message => Message(item),
            EvolutionWay.Status => Status(item),
            EvolutionWay.Edit => Edit(item),
            EvolutionWay.Revoke => Revoke(item),
            _ => Call(item),
        };
        if (!isRead) _events.Ignored("unknown", item);
    }

    /// <summary>False when it lacks what no message can do without.</summary>
    private bool Message(JsonElement item)
    {
        JsonElement key = item.Part("key"u8);
        if (key.Key("id"u8) is not { } id) return false;
        long? at = item.Number("messageTimestamp"u8);
        if (Leaves(key, item, at)) return true;
        bool isOwn = key.Flag("fromMe"u8);
        if (Person(key, isOwn ? null : item.Text("pushName"u8)) is not { } person) return false;
        if (isOwn && IsOwn(person))
        {
            _events.Ignored("self", item, at);
            return true;
        }

        _events.Spoken(person, Content(item, id), id, at, item, isOwn);
        return true;
    }

    private static GatewayContent Content(JsonElement item, string id)
    {
        JsonElement message = item.Part("message"u8);
        // With a store of its own Evolution says where the file is, for as long as the address is good.
        string? url = message.Text("mediaUrl"u8, 1_700);
        string reference = url is not null && url.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            && !url.Contains(' ', StringComparison.Ordinal) ? $"{id} {url}" : id;
        GatewayContent content = new WaContent(reference).Read(
            message, item.Text("messageType"u8), item.Part("contextInfo"u8));
        content.Details.Add("transcript", message.Text("speechToText"u8, 500));
        return content;
    }

    /// <summary>
    /// What somebody edited comes as WhatsApp's own notice of it, whose key is written as the sender sees it: from the
    /// customer's side the chat is ours. Then whoever wrote the message has edited it; an update says the same again,
    /// as we see it.
    /// </summary>
    private bool Edit(JsonElement item)
    {
        JsonElement key = item.Part("key"u8);
        if (key.Key("id"u8) is not { } target) return false;
        long? at = item.Number("timestampMs"u8);
        if (Leaves(key, item, at)) return true;
        JsonElement edited = item.Part("editedMessage"u8);
        string type = item.Word("type"u8)?.ToUpperInvariant() ?? "";
        bool isRevoke = edited.ValueKind != JsonValueKind.Object && type is "0" or "REVOKE";
        bool isOwn = key.Flag("fromMe"u8);
        GatewayPerson? person = Person(key, null);
        if (_writer(target) is { } writer) (person, isOwn) = (GatewayPerson.Of(null, writer), false);
        else if (person is { } chat && IsOwn(chat)) person = null;
        if (person is not { } who || (edited.ValueKind != JsonValueKind.Object && !isRevoke))
        {
            _events.Ignored(edited.ValueKind == JsonValueKind.Object ? "edit" : "protocol", item, at);
            return true;
        }

        if (isRevoke) Revoked(who, target, item, isOwn);
        else Edited(who, edited, target, item, at, isOwn);
        return true;
    }

    /// <summary>The same edit is told twice: it is known by the new words.</summary>
    private void Edited(
        GatewayPerson person, JsonElement edited, string target, JsonElement item, long? at, bool isOwn)
    {
        GatewayContent content = new WaContent(target).Edit(edited, target);
        byte[] words = SHA256.HashData(Encoding.UTF8.GetBytes(content.Text));
        string id = $"{target}:edit:{Convert.ToHexStringLower(words.AsSpan(0, 8))}";
        _events.Spoken(person, content, id, at, item, isOwn);
    }

    private void Revoked(GatewayPerson person, string target, JsonElement item, bool isOwn) => _events.Spoken(
        person, GatewayContent.Notice("revoke", null) with { RefersTo = target }, target + ":revoke", null, item,
        isOwn);

    private bool Revoke(JsonElement item)
    {
        JsonElement key = item.Part("key"u8) is { ValueKind: JsonValueKind.Object } inner ? inner : item;
        if ((key.Key("id"u8) ?? item.Key("keyId"u8)) is not { } target) return false;
        if (Leaves(key, item, null)) return true;
        if (Person(key, null) is not { } person) return false;
        Revoked(person, target, item, key.Flag("fromMe"u8));
        return true;
    }

    private bool Status(JsonElement item)
    {
        JsonElement key = item.Part("key"u8);
        if ((item.Key("keyId"u8) ?? key.Key("id"u8)) is not { } id) return false;
        string? chat = item.Text("remoteJid"u8) ?? key.Text("remoteJid"u8);
        if (Jid.NotAPerson(chat) is { } reason)
        {
            _events.Ignored(reason, item);
            return true;
        }

        string? word = item.Word("status"u8) ?? item.Part("update"u8).Word("status"u8);
        bool isOwn = key.ValueKind == JsonValueKind.Object ? key.Flag("fromMe"u8) : item.Flag("fromMe"u8);
        // Whatever is told of a message comes with a state, which means nothing then.
        if (item.Part("message"u8) is { ValueKind: JsonValueKind.Object } changed)
        {
            JsonElement edited = changed.Part("editedMessage"u8).Part("message"u8);
            if (edited.ValueKind == JsonValueKind.Object && GatewayPerson.Of(null, chat) is { } person)
                Edited(person, edited, id, item, null, isOwn);
            return true;
        }

        if (isOwn && EvolutionOutcomes.State(word) is { } state)
            _events.Status(id, state, null, state == "failed" ? "error" : null);
        // That the company read the customer's message, what is still on its way, votes that come as messages too.
        return word is not null || item.Find("pollUpdates"u8, out _);
    }

    /// <summary>One event, whatever becomes of the call.</summary>
    private bool Call(JsonElement item)
    {
        if (item.Key("id"u8) is not { } id) return false;
        if (item.Flag("isGroup"u8) || Jid.NotAPerson(item.Text("chatId"u8)) is not null)
        {
            _events.Ignored("group", item);
            return true;
        }

        if (GatewayPerson.Of(null, item.Text("from"u8), item.Text("callerPn"u8), item.Text("chatId"u8))
            is not { } person || IsOwn(person))
            return false;
        _events.Spoken(person, GatewayContent.Notice("call", null), $"call:{id}", null, item, isEcho: false);
        return true;
    }

    /// <summary>What was said elsewhere than to the company is kept aside with its reason.</summary>
    private bool Leaves(JsonElement key, JsonElement item, long? at)
    {
        if (Jid.NotAPerson(key.Text("remoteJid"u8)) is not { } reason) return false;
        _events.Ignored(reason, item, at);
        return true;
    }

    /// <summary>
    /// The other side of the chat. Releases differ in which of these is the number: 2.2 tells none, 2.3 the number
    /// beside the stand-in, 2.4 the other way round.
    /// </summary>
    private static GatewayPerson? Person(JsonElement key, string? name) => GatewayPerson.Of(
        name, key.Text("remoteJid"u8), key.Text("remoteJidAlt"u8), key.Text("senderPn"u8),
        key.Text("previousRemoteJid"u8), key.Text("senderLid"u8));

    private bool IsOwn(GatewayPerson person) =>
        Jid.Parse(_own) is { Kind: JidKind.Phone } own
        && person.Identities.Contains(new IdentityKey("phone", PhoneNumbers.Canonical(own.User)));

    /// <summary>What an item is read as.</summary>
    private enum EvolutionWay
    {
        Message,
        Status,
        Edit,
        Revoke,
        Call,
    }
}
