using System.Text.Json;
using Vellarys.Channels.Gateways;

namespace Vellarys.Channels.ZApi;

/// <summary>
/// Reads a webhook of Z-API: <c>{"type":"ReceivedCallback","instanceId","phone","fromMe","momment",...}</c> with one
/// event; receipts name several messages.
/// </summary>
internal sealed class ZApiWebhook
{
    private const int MaxItems = 1_000;
    private readonly GatewayEvents _events;

    private ZApiWebhook(GatewayEvents events) => _events = events;

    public static WebhookContent Read(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        using JsonDocument document = ProviderJson.Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new MalformedWebhook("$", "must be an object");
        if (root.Text("type"u8) is not { } type) throw new MalformedWebhook("$.type", "must be a text");

        var events = new GatewayEvents(receivedAt);
        new ZApiWebhook(events).Read(type.ToUpperInvariant(), root);
        return events.Content;
    }

    private void Read(string type, JsonElement root)
    {
        switch (type)
        {
            case "RECEIVEDCALLBACK":
                if (!Received(root)) _events.Ignored("unknown", root);
                break;
            case "MESSAGESTATUSCALLBACK":
                Receipt(root);
                break;
            case "DELIVERYCALLBACK":
                HandedOver(root);
                break;
            case "CONNECTEDCALLBACK" or "DISCONNECTEDCALLBACK":
                _events.Ignored("connection", root, At(root));
                break;
            // What somebody does at this moment.
            case "PRESENCECHATCALLBACK":
                break;
            default:
                _events.Ignored(type, root, At(root));
                break;
        }
    }

    /// <summary>False when it lacks what no message can do without.</summary>
    private bool Received(JsonElement root)
    {
        string? phone = root.Word("phone"u8, 128);
        long? at = At(root);
        if (Elsewhere(root, phone) is { } reason)
        {
            _events.Ignored(reason, root, at);
            return true;
        }

        // It is still on its way; when it comes it has the same id.
        if (root.Flag("waitingMessage"u8))
        {
            _events.Ignored("waiting", root, at);
            return true;
        }

        bool isOwn = root.Flag("fromMe"u8);
        if (isOwn && root.Flag("fromApi"u8)) return true;
        GatewayPerson? person = GatewayPerson.Of(
            isOwn ? null : root.Text("senderName"u8) ?? root.Text("chatName"u8), phone, root.Text("chatLid"u8),
            isOwn ? null : root.Text("senderLid"u8), isOwn ? null : root.Text("participantPhone"u8));
        string? notification = root.Text("notification"u8);
        if (person is not { } who) return false;
        if (isOwn && IsOwn(root, who))
        {
            _events.Ignored(notification ?? "self", root, at);
            return true;
        }

        return notification is null
            ? Message(root, who, at, isOwn)
            : Notification(root, notification.ToUpperInvariant(), who, at, isOwn);
    }

    private bool Message(JsonElement root, GatewayPerson person, long? at, bool isOwn)
    {
        if (root.Key("messageId"u8) is not { } id) return false;
        GatewayContent content = ZApiContent.Read(root);
        if (root.Flag("isEdit"u8) && content.Kind == InboundKind.Message)
        {
            bool isReadable = content.Type != "unsupported";
            content = content with
            {
                Kind = InboundKind.Notice, Type = "edit", Media = null,
                RefersTo = isReadable ? root.Key("editMessageId"u8) ?? id : null,
            };
            // The same id as what it edits, so that it would be taken for a second copy.
            id = $"{id}:edit:{at?.ToString(null, null) ?? root.Fingerprint()[..16]}";
        }

        _events.Spoken(person, content, id, at, root, isOwn);
        return true;
    }

    /// <summary>Calls and revokes are of the talk; everything else WhatsApp says by itself.</summary>
    private bool Notification(JsonElement root, string notification, GatewayPerson person, long? at, bool isOwn)
    {
        string? id = root.Key("messageId"u8);
        if (notification.StartsWith("CALL_", StringComparison.Ordinal) && !isOwn
            && (root.Key("callId"u8) ?? id) is { } call)
        {
            // One event, whatever becomes of the call.
            _events.Spoken(person, GatewayContent.Notice("call", null), $"call:{call}", at, root, isEcho: false);
        }
        else if (notification == "REVOKE" && (root.Key("referenceMessageId"u8) ?? id) is { } target)
        {
            GatewayContent revoke = GatewayContent.Notice("revoke", null) with { RefersTo = target };
            _events.Spoken(person, revoke, target + ":revoke", at, root, isOwn);
        }
        else _events.Ignored(notification, root, at);

        return true;
    }

    private void Receipt(JsonElement root)
    {
        string? word = root.Text("status"u8);
        string[] ids = [.. root.List("ids"u8, MaxItems).Select(Id).OfType<string>()];
        if (ids.Length == 0 && root.Key("messageId"u8) is { } single) ids = [single];
        if (Elsewhere(root, root.Word("phone"u8, 128)) is { } reason) _events.Ignored(reason, root, At(root));
        else if (ids.Length == 0) _events.Ignored("receipt", root, At(root));
        else if (ZApiOutcomes.State(word) is { } state)
        {
            foreach (string id in ids) _events.Status(id, state, At(root), state == "failed" ? "error" : null);
        }
        // That the company read what the customer wrote is no news.
        else if (word?.ToUpperInvariant() is not ("READ_BY_ME" or "READ-SELF" or "READ_SELF" or "PENDING"))
            _events.Ignored("receipt", root, At(root));
    }

    /// <summary>WhatsApp took the message, or would not: which is no word of the customer's phone yet.</summary>
    private void HandedOver(JsonElement root)
    {
        string? error = root.Text("error"u8, 500);
        if ((root.Key("messageId"u8) ?? root.Key("zaapId"u8)) is not { } id)
        {
            _events.Ignored("delivery", root, At(root));
            return;
        }

        if (error is null) _events.Status(id, "sent", At(root));
        else _events.Status(id, "failed", At(root), ZApiOutcomes.Failure(root, error));
    }

    private static string? Elsewhere(JsonElement root, string? phone) =>
        root.Flag("isGroup"u8) ? "group"
        : root.Flag("isNewsletter"u8) ? "newsletter"
        : root.Flag("broadcast"u8) && root.Find("broadcastRecipients"u8, out _) ? "broadcast"
        : Jid.NotAPerson(phone) is { } reason ? reason
        : root.Find("newsletterAdminInvite"u8, out _) ? "newsletter"
        : root.Flag("broadcast"u8) && phone == "status" ? "story"
        : null;

    private static bool IsOwn(JsonElement root, GatewayPerson person) =>
        Jid.Parse(root.Word("connectedPhone"u8, 128)) is { Kind: JidKind.Phone } own
        && person.Identities.Contains(new IdentityKey("phone", PhoneNumbers.Canonical(own.User)));

    /// <summary>In milliseconds as a rule, in seconds here and there; the name is Z-API's.</summary>
    private static long? At(JsonElement root) => root.Number("momment"u8) ?? root.Number("moment"u8);

    private static string? Id(JsonElement id) => id.ValueKind == JsonValueKind.String
        && JsonText.Read(id, JsonFields.MaxKey, out bool isCut) is { Length: > 0 } text && !isCut ? text : null;
}
