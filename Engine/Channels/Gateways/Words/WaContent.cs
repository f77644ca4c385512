using System.Text.Json;

namespace Vellarys.Channels.Gateways.Words;

/// <summary>
/// Reads a WhatsApp message as the gateways pass it on: the fields of WhatsApp's own protocol, whichever capitals they
/// are written with.
/// </summary>
/// <param name="reference">By what the gateway finds a file of the message.</param>
internal sealed class WaContent(string reference)
{
    private const int MaxText = GatewayContent.MaxText;

    /// <param name="message">The object that holds the content under its name.</param>
    /// <param name="named">What the gateway calls the content; null where it says nothing.</param>
    /// <param name="context">What the message says of itself outside its content; may be undefined.</param>
    public GatewayContent Read(JsonElement message, string? named, JsonElement context = default)
    {
        if (WaMessage.Find(message, named) is not { } found)
            return named is null ? GatewayContent.Nothing("no_content") : GatewayContent.Unsupported(named);
        return Read(found, context);
    }

    public GatewayContent Read(WaMessage message, JsonElement context = default)
    {
        JsonElement content = message.Content;
        GatewayContent read = message.Name switch
        {
            "conversation" => GatewayContent.Message("text", AsText(content)),
            "extendedtextmessage" => GatewayContent.Message("text", content.Text("text"u8, MaxText)),
            "imagemessage" => File(message, "image"),
            "videomessage" or "ptvmessage" => File(message, "video"),
            "audiomessage" => File(message, "audio"),
            "documentmessage" => File(message, "document"),
            "stickermessage" => File(message, "sticker"),
            "locationmessage" or "livelocationmessage" => WaPlaces.Read(content),
            "contactmessage" => WaCards.Read([content]),
            "contactsarraymessage" => WaCards.Read(content.List("contacts"u8)),
            "reactionmessage" => GatewayContent.Notice("reaction", content.Text("text"u8, 64)) with
            {
                RefersTo = content.Part("key"u8).Key("id"u8),
            },
            "protocolmessage" => Protocol(content),
            "ordermessage" or "productmessage" => WaGoods.Read(message.Name, content),
            "calllogmesssage" or "calllogmessage" or "scheduledcallcreationmessage" =>
                GatewayContent.Notice("call", null),
            "pininchatmessage" or "keepinchatmessage" => GatewayContent.Notice("pin", null) with
            {
                RefersTo = content.Part("key"u8).Key("id"u8),
            },
            // Said once more by the pictures themselves.
            "albummessage" => GatewayContent.Nothing("album"),
            _ => WaChoices.Read(message.Name, content) ?? WaTexts.Read(message.Name, content)
                ?? GatewayContent.Unsupported(message.Name),
        };
        return Complete(read, content, context);
    }

    /// <summary>With what it quotes, and where it comes from.</summary>
    private static GatewayContent Complete(GatewayContent read, JsonElement content, JsonElement context)
    {
        JsonElement own = content.Part("contextInfo"u8);
        string? source = WaContext.Add(read.Details, own) ?? WaContext.Add(read.Details, context);
        return read with
        {
            Source = source,
            RefersTo = read.RefersTo ?? WaContext.Quoted(own) ?? WaContext.Quoted(context),
        };
    }

    private GatewayContent File(WaMessage message, string kind)
    {
        JsonElement file = message.Content;
        bool isVoice = kind == "audio" && file.Flag("ptt"u8);
        GatewayContent read = GatewayContent.Message(kind, file.Text("caption"u8, MaxText)) with
        {
            Media = new InboundMedia(
                kind, reference, MediaTypes.Plain(file.Text("mimetype"u8)), file.Text("fileName"u8) ??
                    (kind == "document" ? file.Text("title"u8) : null), file.Number("fileLength"u8))
            {
                IsVoice = isVoice,
                IsViewOnce = message.IsViewOnce || file.Flag("viewOnce"u8),
            },
        };
        if (isVoice) read.Details.Add("voice", "yes");
        if (kind == "document") read.Details.Add("file", read.Media!.FileName);
        return read;
    }

    /// <summary>Edits and revokes; everything else of the protocol is no talk.</summary>
    private GatewayContent Protocol(JsonElement protocol)
    {
        string? target = protocol.Part("key"u8).Key("id"u8);
        string type = protocol.Word("type"u8)?.ToUpperInvariant() ?? "0";
        JsonElement edited = protocol.Part("editedMessage"u8);
        if (edited.ValueKind == JsonValueKind.Object || type is "14" or "MESSAGE_EDIT") return Edit(edited, target);
        return type is "0" or "REVOKE" && target is not null
            ? GatewayContent.Notice("revoke", null) with { RefersTo = target }
            : GatewayContent.Nothing("protocol");
    }

    /// <summary>The new content of a message, as a notice; it changes nothing where it cannot be read.</summary>
    public GatewayContent Edit(JsonElement edited, string? target)
    {
        GatewayContent now = Read(edited, null);
        bool isReadable = now is { Kind: InboundKind.Message, Type: not "unsupported" };
        return now with
        {
            Kind = InboundKind.Notice, Type = "edit", Media = null, RefersTo = isReadable ? target : null,
        };
    }

    private static string AsText(JsonElement content) =>
        content.ValueKind == JsonValueKind.String ? JsonText.Read(content, MaxText, out _) : "";
}
