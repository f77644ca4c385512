using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Words;

namespace Vellarys.Channels.ZApi;

/// <summary>What a message of Z-API says: nothing names its kind, but each has a field of its own.</summary>
internal static class ZApiContent
{
    private const int MaxText = GatewayContent.MaxText;

    public static GatewayContent Read(JsonElement root)
    {
        GatewayContent read = Content(root);
        JsonElement ad = root.Part("externalAdReply"u8);
        string? source = WaContext.Source(root, ad);
        if (source is not null) WaContext.AddAd(read.Details, ad);
        if (root.Flag("forwarded"u8)) read.Details.Add("forwarded", "yes");
        // To what the company shows for a day: what was answered cannot be quoted, but that it was can be said.
        if (root.Flag("isStatusReply"u8)) read.Details.Add("story.reply", "yes");
        return read with { Source = source, RefersTo = read.RefersTo ?? root.Key("referenceMessageId"u8) };
    }

    private static GatewayContent Content(JsonElement root)
    {
        if (root.Part("text"u8) is { ValueKind: JsonValueKind.Object } text)
            return GatewayContent.Message("text", text.Text("message"u8, MaxText));
        foreach ((string kind, string field) in (ReadOnlySpan<(string, string)>)
            [("image", "image"), ("video", "video"), ("video", "ptv"), ("audio", "audio"), ("document", "document"),
                ("sticker", "sticker")])
        {
            if (ZApiFile.Read(root, kind, field) is { } file) return file;
        }

        if (root.Part("location"u8) is { ValueKind: JsonValueKind.Object } place)
            return WaPlaces.Read(place, place.Word("latitude"u8), place.Word("longitude"u8));
        if (root.Part("contact"u8) is { ValueKind: JsonValueKind.Object } card) return WaCards.Read([card]);
        if (root.Find("contacts"u8, out _)) return WaCards.Read(root.List("contacts"u8));
        return ZApiChoices.Read(root) ?? ZApiGoods.Read(root) ?? Rest(root);
    }

    private static GatewayContent Rest(JsonElement root)
    {
        foreach (string field in (ReadOnlySpan<string>)["hydratedTemplate", "buttonsMessage", "carouselMessage"])
        {
            JsonElement content = root.Part(System.Text.Encoding.ASCII.GetBytes(field));
            if (content.ValueKind != JsonValueKind.Object) continue;
            return Template(content);
        }

        if (root.Part("event"u8) is { ValueKind: JsonValueKind.Object } meeting)
        {
            GatewayContent read = GatewayContent.Message("event", meeting.Text("name"u8, MaxText));
            read.Details.Add("event.description", meeting.Text("description"u8, 500));
            return read;
        }

        if (root.Find("eventResponse"u8, out _)) return GatewayContent.Notice("event_response", null);
        return GatewayContent.Unsupported(
            root.EnumerateObject().Select(p => JsonText.NameOf(p, 40)).FirstOrDefault(n => n.EndsWith(
                "Message", StringComparison.Ordinal) && n != "waitingMessage"));
    }

    /// <summary>What other companies' programs send: the words, and the file above them.</summary>
    private static GatewayContent Template(JsonElement content)
    {
        string? words = content.Text("message"u8, MaxText) ?? content.Text("text"u8, MaxText)
            ?? content.Text("title"u8, MaxText);
        JsonElement header = content.Part("header"u8);
        foreach (string kind in (ReadOnlySpan<string>)["image", "video", "document"])
        {
            if (ZApiFile.Read(header, kind, kind) is { } file)
                return file with { Text = words ?? file.Text };
        }

        return words is null ? GatewayContent.Unsupported("template") : GatewayContent.Message("text", words);
    }
}
