using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Words;

namespace Vellarys.Channels.Uazapi;

/// <summary>
/// What a message of UAZAPI says: <c>messageType</c> names the content, <c>content</c> holds it as WhatsApp wrote it (a
/// text where it is one), and <c>text</c>, <c>vote</c>, <c>quoted</c>... say the same in short.
/// </summary>
internal static class UazapiContent
{
    private const int MaxText = GatewayContent.MaxText;

    public static GatewayContent Read(JsonElement item, string id)
    {
        string type = item.Text("messageType"u8)?.ToLowerInvariant() ?? "";
        string? text = item.Text("text"u8, MaxText);
        if (item.Key("edited"u8) is { } original) return Edited(item, type, text, original);
        GatewayContent read = Content(item, id, type, text);
        return Complete(read, item, text);
    }

    private static GatewayContent Content(JsonElement item, string id, string type, string? text)
    {
        string? vote = item.Text("vote"u8, MaxText);
        string? chosen = item.Word("buttonOrListid"u8, 256);
        item.Find("content"u8, out JsonElement content);
        if (type is "pollupdatemessage" && vote is not null) return WaChoices.Votes([vote], item.Key("quoted"u8));
        if (type is "reactionmessage" && content.ValueKind != JsonValueKind.Object)
            return GatewayContent.Notice("reaction", text);
        if (content.ValueKind == JsonValueKind.Object && Named(type, content) is { } named)
        {
            GatewayContent read = new WaContent(id).Read(named);
            if (read.Type != "unsupported" || (text ?? vote ?? chosen) is null) return Worded(read, vote, text, chosen);
        }

        if (chosen is not null || vote is not null)
        {
            return type.Contains("template", StringComparison.Ordinal)
                ? WaChoices.TemplateButton(vote ?? text, chosen)
                : WaChoices.Chosen("interactive", vote ?? text, chosen);
        }

        // A file that came without its description; or a text, whatever it is called.
        return File(item, id, text) ?? (text is not null || content.ValueKind == JsonValueKind.String
            ? GatewayContent.Message("text", text ?? JsonText.Read(content, MaxText, out _))
            : GatewayContent.Unsupported(type.Length > 0 ? type : null));
    }

    /// <summary>The content with its name: the object itself, or one under that name inside it.</summary>
    private static WaMessage? Named(string type, JsonElement content)
    {
        if (type.Length == 0 || content.Find(System.Text.Encoding.UTF8.GetBytes(type), out JsonElement inner)
            && inner.ValueKind == JsonValueKind.Object)
            return WaMessage.Find(content, type.Length == 0 ? null : type);
        return WaMessage.IsWrapper(type) && content.Find("message"u8, out JsonElement wrapped)
            ? WaMessage.Find(wrapped, null) is { } found
                ? found with { IsViewOnce = type.StartsWith("viewonce", StringComparison.Ordinal) || found.IsViewOnce }
                : null
            : new WaMessage(type, content, IsViewOnce: false);
    }

    /// <summary>
    /// Where WhatsApp's content has no words, or only the id of what was tapped, those that UAZAPI made of it.
    /// </summary>
    private static GatewayContent Worded(GatewayContent read, string? vote, string? text, string? chosen)
    {
        bool isTapped = read.Type is "interactive" or "button";
        if (isTapped && vote is not null) read = read with { Text = vote };
        else if (read.Text.Length == 0 && (vote ?? text) is { } words && read.Kind == InboundKind.Message
            && read.Type != "contacts")
            read = read with { Text = words };
        if (isTapped && chosen is not null && read.Details.List is null or { Count: 0 })
            read.Details.Add("choice.id", chosen);
        return read;
    }

    private static GatewayContent Complete(GatewayContent read, JsonElement item, string? text)
    {
        string? about = item.Key("reaction"u8);
        if (read.Type == "reaction")
            return read with { RefersTo = about ?? read.RefersTo, Text = text ?? read.Text };
        return read with { RefersTo = read.RefersTo ?? item.Key("quoted"u8) };
    }

    private static GatewayContent Edited(JsonElement item, string type, string? text, string original)
    {
        string? target = original[(original.IndexOf(':', StringComparison.Ordinal) + 1)..];
        GatewayContent now = Content(item, original, type, text);
        bool isReadable = now is { Kind: InboundKind.Message, Type: not "unsupported" };
        return now with
        {
            Kind = InboundKind.Notice, Type = "edit", Media = null, RefersTo = isReadable ? target : null,
        };
    }

    private static GatewayContent? File(JsonElement item, string id, string? text)
    {
        string media = item.Text("mediaType"u8)?.ToLowerInvariant() ?? "";
        string? kind = media switch
        {
            "image" => "image",
            "video" or "gif" or "ptv" => "video",
            "audio" or "ptt" or "myaudio" => "audio",
            "document" => "document",
            _ when media.Contains("sticker", StringComparison.Ordinal) => "sticker",
            _ => null,
        };
        return kind is null
            ? null
            : GatewayContent.Message(kind, text) with
            {
                Media = new InboundMedia(kind, id, null, null, null) { IsVoice = media == "ptt" },
            };
    }
}
