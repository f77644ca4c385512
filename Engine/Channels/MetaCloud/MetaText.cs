using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>The short text that stands for a message of any type.</summary>
/// <param name="Kind">Whether it wants an answer.</param>
/// <param name="Type">
/// As Meta says, but <c>unsupported</c> for an interactive message that came without its content.
/// </param>
/// <param name="IsWhole">False when there is more than the text says: the raw item is kept.</param>
internal sealed record MetaText(InboundKind Kind, string Type, string Text, bool IsWhole)
{
    private const int MaxChars = 4_096;
    private const int MaxName = 1_000;

    /// <summary>Null for a type that we do not know, or one whose content is not what it should be.</summary>
    public static MetaText? Read(JsonElement item, string type) => type switch
    {
        "text" => Required(item, type, "text"u8, "body"u8),
        "button" => Required(item, type, "button"u8, "text"u8),
        "interactive" => Interactive(item),
        "image" => Optional(item, type, "image"u8, "caption"u8),
        "video" => Optional(item, type, "video"u8, "caption"u8),
        "audio" => Optional(item, type, "audio"u8, "caption"u8),
        "document" => Optional(item, type, "document"u8, "caption"u8),
        "sticker" => Optional(item, type, "sticker"u8, "caption"u8),
        "order" => Optional(item, type, "order"u8, "text"u8),
        "location" => Location(item),
        "contacts" => Contacts(item),
        "reaction" => Notice(type, Part(item, "reaction"u8, "emoji"u8)),
        "edit" => Notice(type, Edited(item)),
        "system" => Notice(type, Part(item, "system"u8, "body"u8)),
        "revoke" or "unsupported" or "request_welcome" => Notice(type, null),
        _ => null,
    };

    /// <summary>A notice says nothing that must not be missed, so whatever it holds will do.</summary>
    private static MetaText Notice(string type, string? text) => new(InboundKind.Notice, type, text ?? "", false);

    private static MetaText? Required(JsonElement item, string type, ReadOnlySpan<byte> part, ReadOnlySpan<byte> field)
    {
        if (!item.TryGetObject(part, out JsonElement content) || !content.TryGet(field, out JsonElement value)
            || value.ValueKind != JsonValueKind.String)
            return null;
        string text = JsonText.Read(value, MaxChars, out bool isCut);
        return new MetaText(InboundKind.Message, type, text, type == "text" && !isCut);
    }

    private static MetaText? Optional(JsonElement item, string type, ReadOnlySpan<byte> part, ReadOnlySpan<byte> field)
    {
        if (!item.TryGetObject(part, out JsonElement content)) return null;
        if (content.TryGet(field, out JsonElement value) && value.ValueKind != JsonValueKind.String) return null;
        return new MetaText(InboundKind.Message, type, Of(content, field) ?? "", false);
    }

    private static MetaText? Interactive(JsonElement item)
    {
        if (!item.TryGet("interactive"u8, out JsonElement content))
            return item.TryGetArray("errors"u8, out _) ? Notice("unsupported", null) : null;
        string? text = content.Hint("type"u8) switch
        {
            "button_reply" => Part(content, "button_reply"u8, "title"u8),
            "list_reply" => Part(content, "list_reply"u8, "title"u8),
            // What was filled in is JSON inside a string: it stays in the raw item.
            "nfm_reply" => Part(content, "nfm_reply"u8, "body"u8) ?? "",
            // Such as call_permission_reply, and what Meta adds tomorrow: the customer tapped something.
            not null => "",
            null => null,
        };
        return text is null ? null : new MetaText(InboundKind.Message, "interactive", text, false);
    }

    private static MetaText? Location(JsonElement item)
    {
        if (!item.TryGetObject("location"u8, out JsonElement place)) return null;
        if (place.StringOrNumber("latitude"u8, 32) is not { } latitude) return null;
        if (place.StringOrNumber("longitude"u8, 32) is not { } longitude) return null;
        string text = $"{latitude},{longitude} {place.Hint("name"u8, MaxName)}".TrimEnd();
        return new MetaText(InboundKind.Message, "location", text, false);
    }

    private static MetaText? Contacts(JsonElement item)
    {
        if (!item.TryGetArray("contacts"u8, out JsonElement cards)) return null;
        var names = new List<string>();
        int length = 0;
        foreach (JsonElement card in cards.EnumerateArray())
        {
            if (Part(card, "name"u8, "formatted_name"u8) is not { Length: > 0 } name) continue;
            length += name.Length + 2;
            if (length > MaxChars) break;
            names.Add(name);
        }

        return new MetaText(InboundKind.Message, "contacts", string.Join(", ", names), false);
    }

    private static string? Edited(JsonElement item)
    {
        if (!item.TryGetObject("edit"u8, out JsonElement edit)) return null;
        if (!edit.TryGetObject("message"u8, out JsonElement message)) return null;
        return message.Hint("type"u8) is { } type and not ("edit" or "system") ? Read(message, type)?.Text : null;
    }

    private static string? Part(JsonElement item, ReadOnlySpan<byte> part, ReadOnlySpan<byte> field) =>
        item.TryGetObject(part, out JsonElement content) ? Of(content, field) : null;

    private static string? Of(JsonElement content, ReadOnlySpan<byte> field) => content.Hint(field, MaxChars);
}
