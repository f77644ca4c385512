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
        // A voice note as the API on one's own premises named it, and some re-sellers still do.
        "voice" => Optional(item, "audio", "voice"u8, "caption"u8),
        "document" => Optional(item, type, "document"u8, "caption"u8),
        "sticker" => Optional(item, type, "sticker"u8, "caption"u8),
        "order" => Optional(item, type, "order"u8, "text"u8),
        "location" => Location(item),
        "contacts" => Contacts(item),
        "reaction" => Notice(type, Part(item, "reaction"u8, "emoji"u8)),
        "edit" => Notice(type, Edited(item)?.Text),
        "system" => Notice(type, Part(item, "system"u8, "body"u8)),
        "revoke" or "request_welcome" or "call" => Notice(type, null),
        "unsupported" => Unreadable(type),
        _ => null,
    };

    /// <summary>
    /// Somebody wrote something that cannot be read here: a poll, a picture to be seen once, a type that is new. It is
    /// a message all the same.
    /// </summary>
    /// <param name="type">Kept as it is where it is a word; of a type that we know, the content is broken.</param>
    public static MetaText Unreadable(string type) => new(
        InboundKind.Message, IsWord(type) && !IsKnown(type) ? type : "unsupported", "", false);

    /// <summary>The id of the message that an item is about; null where it is about none, or changes nothing.</summary>
    public static string? RefersTo(JsonElement item, string type) => type switch
    {
        "reaction" => Id(item, "reaction"u8, "message_id"u8),
        "revoke" => Id(item, "revoke"u8, "original_message_id"u8),
        "edit" => Edited(item) is null ? null : Id(item, "edit"u8, "original_message_id"u8),
        _ => Id(item, "context"u8, "id"u8),
    };

    /// <summary>The content of an edit with its type; null for one that has none.</summary>
    public static JsonElement? EditedItem(JsonElement item, out string type)
    {
        type = "";
        if (!item.TryGetObject("edit"u8, out JsonElement edit)) return null;
        if (!edit.TryGetObject("message"u8, out JsonElement message)) return null;
        type = message.Hint("type"u8) ?? "";
        return type is "" or "edit" or "revoke" or "reaction" or "system" ? null : message;
    }

    // What stands in brackets before a line that the model reads.
    private static bool IsWord(string type) =>
        type.Length <= 40 && type.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static bool IsKnown(string type) => type is "text" or "button" or "interactive" or "image" or "video"
        or "audio" or "voice" or "document" or "sticker" or "order" or "location" or "contacts";

    private static string? Id(JsonElement item, ReadOnlySpan<byte> part, ReadOnlySpan<byte> field) =>
        item.TryGetObject(part, out JsonElement content) && content.TryKey(field, out string? id) ? id : null;

    /// <summary>A notice says nothing that must not be missed, so whatever it holds will do.</summary>
    private static MetaText Notice(string type, string? text) => new(InboundKind.Notice, type, text ?? "", false);

    private static MetaText? Required(JsonElement item, string type, ReadOnlySpan<byte> part, ReadOnlySpan<byte> field)
    {
        if (!item.TryGetObject(part, out JsonElement content) || !content.TryGet(field, out JsonElement value)
            || value.ValueKind != JsonValueKind.String)
            return null;
        string text = JsonText.Read(value, MaxChars, out bool isCut);
        bool isAll = type == "text" && !isCut && !item.TryGet("context"u8, out _)
            && !item.TryGet("referral"u8, out _) && !item.TryGet("errors"u8, out _);
        return new MetaText(InboundKind.Message, type, text, isAll);
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
            return null;
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

    private static MetaText? Edited(JsonElement item) =>
        EditedItem(item, out string type) is { } content ? Read(content, type) : null;

    private static string? Part(JsonElement item, ReadOnlySpan<byte> part, ReadOnlySpan<byte> field) =>
        item.TryGetObject(part, out JsonElement content) ? Of(content, field) : null;

    private static string? Of(JsonElement content, ReadOnlySpan<byte> field) => content.Hint(field, MaxChars);
}
