using System.Text.Json;
using Vellarys.Channels.Gateways;

namespace Vellarys.Channels.Uazapi;

/// <summary>
/// Reads a webhook of UAZAPI: <c>{"EventType","message":{...},"chat":{...},"owner","token"}</c>; by its published
/// description the name is <c>event</c> and the message <c>data</c>. What is absent is an empty text.
/// </summary>
internal sealed class UazapiWebhook
{
    private const int MaxItems = 1_000;
    private readonly GatewayEvents _events;
    private readonly string? _owner;

    private UazapiWebhook(GatewayEvents events, string? owner) => (_events, _owner) = (events, owner);

    public static WebhookContent Read(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        using JsonDocument document = ProviderJson.Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new MalformedWebhook("$", "must be an object");
        if ((root.Text("EventType"u8) ?? root.Text("event"u8)) is not { } name)
            throw new MalformedWebhook("$.EventType", "must be a text");

        var events = new GatewayEvents(receivedAt);
        new UazapiWebhook(events, root.Text("owner"u8)).Read(name.ToUpperInvariant().Replace('.', '_'), root);
        return events.Content;
    }

    private void Read(string name, JsonElement root)
    {
        switch (name)
        {
            case "MESSAGES" or "MESSAGE" or "MESSAGES_UPSERT":
                Each(root);
                break;
            case "MESSAGES_UPDATE" or "MESSAGE_UPDATE":
                Update(root);
                break;
            case "CALL":
                Call(root);
                break;
            // What somebody does at this moment, address books, the vendor's own desk, the past: nobody said anything.
            case "PRESENCE" or "HISTORY" or "CONTACTS" or "CHATS" or "LABELS" or "CHAT_LABELS" or "BLOCKS" or "LEADS"
                or "SENDER":
                break;
            case "GROUPS":
                _events.Ignored("group", root);
                break;
            case "CONNECTION":
                _events.Ignored("connection", root);
                break;
            default:
                _events.Ignored(name, root);
                break;
        }
    }

    private void Each(JsonElement root)
    {
        if (!root.Find("message"u8, out JsonElement message)) root.Find("data"u8, out message);
        if (message.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in message.EnumerateArray().Take(MaxItems))
                if (!Message(item)) _events.Ignored("unknown", item);
        }
        else if (!Message(message))
            _events.Ignored("unknown", message.ValueKind == JsonValueKind.Object ? message : root);
    }

    /// <summary>False when it lacks what no message can do without.</summary>
    private bool Message(JsonElement item)
    {
        string? id = item.Key("messageid"u8) ?? AfterOwner(item.Key("id"u8));
        if (item.ValueKind != JsonValueKind.Object || id is null) return false;
        long? at = item.Number("messageTimestamp"u8);
        string? chat = item.Text("chatid"u8);
        if ((item.Flag("isGroup"u8) ? "group" : Jid.NotAPerson(chat)) is { } reason)
        {
            _events.Ignored(reason, item, at);
            return true;
        }

        if (item.Flag("wasSentByApi"u8)) return Sent(item, id, at);
        bool isOwn = item.Flag("fromMe"u8);
        // Of what the company wrote itself the sender is the company.
        GatewayPerson? person = isOwn
            ? GatewayPerson.Of(null, chat, item.Text("chatlid"u8))
            : GatewayPerson.Of(
                item.Text("senderName"u8), item.Text("sender_pn"u8), chat, item.Text("sender"u8),
                item.Text("sender_lid"u8), item.Text("chatlid"u8));
        if (person is not { } who) return false;
        if (isOwn && IsOwner(who))
        {
            _events.Ignored("self", item, at);
            return true;
        }

        _events.Spoken(who, UazapiContent.Read(item, id), id, at, item, isOwn);
        return true;
    }

    /// <summary>One that we sent, told again; ours for sure where it brings back what we sent along.</summary>
    private bool Sent(JsonElement item, string id, long? at)
    {
        if (item.Text("track_source"u8) == UazapiRequest.Source
            && Guid.TryParse(item.Text("track_id"u8), out Guid claim))
            _events.Status(id, "sent", at, claim: claim);
        return true;
    }

    private void Update(JsonElement root)
    {
        JsonElement receipt = root.Part("event"u8) is { ValueKind: JsonValueKind.Object } inner
            ? inner
            : root.Part("data"u8);
        string? chat = receipt.Text("Chat"u8);
        if ((receipt.Flag("IsGroup"u8) ? "group" : Jid.NotAPerson(chat)) is { } reason)
        {
            _events.Ignored(reason, root);
            return;
        }

        string? word = receipt.Text("Type"u8) ?? root.Text("state"u8);
        string[] ids = [.. receipt.List("MessageIDs"u8, MaxItems).Select(Id).OfType<string>()];
        bool isRevoke = word?.ToUpperInvariant() is "DELETED" or "REVOKED" or "REVOKE" or "DELETE";
        if (ids.Length == 0 || (!isRevoke && UazapiOutcomes.State(word) is null))
        {
            // What the company read on its own phone is no news either.
            if (word?.ToUpperInvariant() is not ("READSELF" or "READ-SELF" or "SENDER" or "PENDING"))
                _events.Ignored("receipt", root);
            return;
        }

        bool isOwn = receipt.Flag("IsFromMe"u8);
        long? at = receipt.Number("Timestamp"u8);
        GatewayPerson? person = GatewayPerson.Of(
            null, chat, receipt.Text("sender_pn"u8), isOwn ? null : receipt.Text("sender_lid"u8));
        foreach (string id in ids)
        {
            if (isRevoke && person is { } who)
            {
                _events.Spoken(
                    who, GatewayContent.Notice("revoke", null) with { RefersTo = id }, id + ":revoke", at, root, isOwn);
            }
            // The receipts of the company's own phone are about what customers wrote.
            else if (!isRevoke && !isOwn && UazapiOutcomes.State(word) is { } state)
                _events.Status(id, state, at, state == "failed" ? "error" : null);
        }
    }

    /// <summary>One event, whatever becomes of the call.</summary>
    private void Call(JsonElement root)
    {
        JsonElement call = root.Part("event"u8) is { ValueKind: JsonValueKind.Object } inner
            ? inner
            : root.Part("data"u8) is { ValueKind: JsonValueKind.Object } data ? data : root;
        string? id = call.Key("CallID"u8) ?? call.Key("id"u8);
        if (call.Text("GroupJID"u8) is { Length: > 0 })
        {
            _events.Ignored("group", root);
            return;
        }

        GatewayPerson? person = GatewayPerson.Of(
            null, call.Text("CallCreatorAlt"u8), call.Text("sender_pn"u8), call.Text("From"u8),
            call.Text("CallCreator"u8), call.Text("sender_lid"u8));
        if (id is null || person is not { } who || IsOwner(who)) _events.Ignored("call", root);
        else
        {
            _events.Spoken(
                who, GatewayContent.Notice("call", null), $"call:{id}", call.Number("Timestamp"u8), root,
                isEcho: false);
        }
    }

    private bool IsOwner(GatewayPerson person) => Jid.Parse(_owner) is { Kind: JidKind.Phone } own
        && person.Identities.Contains(new IdentityKey("phone", PhoneNumbers.Canonical(own.User)));

    private static string? Id(JsonElement id) => id.ValueKind == JsonValueKind.String
        && JsonText.Read(id, JsonFields.MaxKey, out bool isCut) is { Length: > 0 } text && !isCut
            ? AfterOwner(text)
            : null;

    /// <summary><c>558180000002:AC98</c>: the owner's number stands before the message's own id.</summary>
    private static string? AfterOwner(string? id) =>
        id is not null && id.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon + 1 < id.Length
            ? id[(colon + 1)..]
            : id;
}
