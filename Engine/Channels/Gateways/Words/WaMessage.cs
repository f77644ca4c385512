using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>
/// Finds the content of a WhatsApp message among its metadata and wrappers: <c>{"imageMessage":{...},
/// "messageContextInfo":{...}}</c>, perhaps inside <c>viewOnceMessage</c> inside <c>ephemeralMessage</c>.
/// </summary>
/// <param name="Name">The content's name in lower case: <c>imagemessage</c>.</param>
/// <param name="Content">What it holds; a text for <c>conversation</c>.</param>
/// <param name="IsViewOnce">The sender wanted it to be seen once.</param>
internal readonly record struct WaMessage(string Name, JsonElement Content, bool IsViewOnce)
{
    private const int MaxWrappers = 6;

    /// <summary>
    /// By the name that the gateway gives, which may be a wrapper's, or that of metadata, or missing; otherwise the
    /// first that is content.
    /// </summary>
    public static WaMessage? Find(JsonElement message, string? named)
    {
        bool isViewOnce = false;
        for (int i = 0; i < MaxWrappers && message.ValueKind == JsonValueKind.Object; i++)
        {
            if (Pick(message, named) is not (string name, JsonElement content)) return null;
            if (!IsWrapper(name)) return new WaMessage(name, content, isViewOnce);
            isViewOnce |= name.StartsWith("viewonce", StringComparison.Ordinal);
            if (!content.Find("message"u8, out message)) return null;
            named = null;
        }

        return null;
    }

    /// <summary>Wrappers hold a message of their own, and say how it is to be shown.</summary>
    public static bool IsWrapper(string name) => name is "ephemeralmessage" or "viewoncemessage" or "viewoncemessagev2"
        or "viewoncemessagev2extension" or "documentwithcaptionmessage" or "editedmessage" or "lottiestickermessage"
        or "groupmentionedmessage" or "devicesentmessage" or "botinvokemessage" or "associatedchildmessage"
        or "statusmentionmessage" or "pollcreationmessagev4" or "eventcoverimage" or "groupstatusmessage";

    private static (string Name, JsonElement Content)? Pick(JsonElement message, string? named)
    {
        (string, JsonElement)? first = null;
        foreach (JsonProperty property in message.EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) continue;
            string name = JsonText.NameOf(property, 64).ToLowerInvariant();
            if (IsMetadata(name)) continue;
            if (string.Equals(name, named, StringComparison.OrdinalIgnoreCase)) return (name, property.Value);
            if (first is null && IsContent(name, property.Value)) first = (name, property.Value);
        }

        return first;
    }

    private static bool IsContent(string name, JsonElement value) => name == "conversation"
        ? value.ValueKind == JsonValueKind.String
        : value.ValueKind == JsonValueKind.Object;

    private static bool IsMetadata(string name) => name is "messagecontextinfo" or "senderkeydistributionmessage"
        or "fastratchetkeysenderkeydistributionmessage" or "contextinfo" or "base64" or "mediaurl" or "speechtotext"
        or "key";
}
