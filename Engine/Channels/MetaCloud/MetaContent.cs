using System.Globalization;
using System.Text;
using System.Text.Json;
using Vellarys.Channels.MetaCloud.Files;
using Vellarys.Channels.Outbound;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// What is more than text, as Meta takes it. What it would refuse for its length is cut where nothing is lost by it,
/// and sent as a text where something would be.
/// </summary>
internal static class MetaContent
{
    private const int MaxInteractive = 1_024;
    private const int MaxText = 4_096;
    private const int MaxButtons = 3;
    private const int MaxRows = 10;
    private const int MaxName = 1_000;

    /// <summary>False where only <see cref="AsText"/> can be sent.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, OutboundMessage message, string? upload)
    {
        switch (message.Content)
        {
            case OutboundContent.Media media when message.File is { } file:
                MetaOutboundFile.Write(writer, media, file, upload, message.Text);
                return true;
            case OutboundContent.Buttons buttons when Fits(message.Text, buttons.Options, MaxButtons):
                WriteButtons(writer, message.Text, buttons);
                return true;
            case OutboundContent.Choices list when Fits(message.Text, list.Options, MaxRows):
                WriteList(writer, message.Text, list);
                return true;
            case OutboundContent.Reaction reaction:
                writer.WriteString("type"u8, "reaction"u8);
                writer.WriteStartObject("reaction"u8);
                writer.WriteString("message_id"u8, reaction.To);
                writer.WriteString("emoji"u8, reaction.Emoji);
                writer.WriteEndObject();
                return true;
            case OutboundContent.Place place when IsOnEarth(place):
                WritePlace(writer, place);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The message's text; with what there is to choose from below it, as lines.</summary>
    public static string AsText(OutboundMessage message)
    {
        IReadOnlyList<OutboundContent.Choice>? options = message.Content switch
        {
            OutboundContent.Buttons buttons => buttons.Options,
            OutboundContent.Choices list => list.Options,
            _ => null,
        };
        if (options is null) return message.Text;
        var text = new StringBuilder(message.Text).Append('\n');
        for (int i = 0; i < options.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{i + 1}. {options[i].Title}");
            if (!string.IsNullOrWhiteSpace(options[i].Description)) text.Append(": ").Append(options[i].Description);
        }

        string whole = text.ToString().Trim();
        return whole.Length <= MaxText ? whole : TextParts.Split(whole, MaxText)[0];
    }

    private static bool Fits(string text, IReadOnlyList<OutboundContent.Choice> options, int most) =>
        options.Count > 0 && options.Count <= most && !string.IsNullOrWhiteSpace(text)
        && text.Length <= MaxInteractive;

    private static bool IsOnEarth(OutboundContent.Place place) =>
        place.Latitude is >= -90 and <= 90 && place.Longitude is >= -180 and <= 180;

    private static void WriteButtons(Utf8JsonWriter writer, string text, OutboundContent.Buttons buttons)
    {
        BeginInteractive(writer, "button"u8, text);
        writer.WriteStartArray("buttons"u8);
        string[] titles = ShortLabel.FitEach(buttons.Options.Select(o => o.Title), 20);
        string[] ids = IdsOf(buttons.Options, 256);
        for (int i = 0; i < titles.Length; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "reply"u8);
            writer.WriteStartObject("reply"u8);
            writer.WriteString("id"u8, ids[i]);
            writer.WriteString("title"u8, titles[i]);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        EndInteractive(writer);
    }

    private static void WriteList(Utf8JsonWriter writer, string text, OutboundContent.Choices list)
    {
        BeginInteractive(writer, "list"u8, text);
        writer.WriteString("button"u8, ShortLabel.Fit(list.Label, 20) is { Length: > 0 } label ? label : "☰");
        writer.WriteStartArray("sections"u8);
        writer.WriteStartObject();
        writer.WriteStartArray("rows"u8);
        string[] titles = ShortLabel.FitEach(list.Options.Select(o => o.Title), 24);
        string[] ids = IdsOf(list.Options, 200);
        for (int i = 0; i < titles.Length; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, ids[i]);
            writer.WriteString("title"u8, titles[i]);
            if (ShortLabel.Fit(list.Options[i].Description, 72) is { Length: > 0 } description)
                writer.WriteString("description"u8, description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        EndInteractive(writer);
    }

    /// <summary>They come back as they are: only what the provider would refuse is changed.</summary>
    private static string[] IdsOf(IReadOnlyList<OutboundContent.Choice> options, int max)
    {
        bool areFine = options.All(o => o.Id.Length > 0 && o.Id.Length <= max)
            && options.Select(o => o.Id).Distinct(StringComparer.Ordinal).Count() == options.Count;
        return areFine ? [.. options.Select(o => o.Id)] : ShortLabel.FitEach(options.Select(o => o.Id), max);
    }

    private static void WritePlace(Utf8JsonWriter writer, OutboundContent.Place place)
    {
        writer.WriteString("type"u8, "location"u8);
        writer.WriteStartObject("location"u8);
        writer.WriteNumber("latitude"u8, place.Latitude);
        writer.WriteNumber("longitude"u8, place.Longitude);
        if (ShortLabel.Fit(place.Name, MaxName) is { Length: > 0 } name) writer.WriteString("name"u8, name);
        if (ShortLabel.Fit(place.Address, MaxName) is { Length: > 0 } address)
            writer.WriteString("address"u8, address);
        writer.WriteEndObject();
    }

    private static void BeginInteractive(Utf8JsonWriter writer, ReadOnlySpan<byte> type, string text)
    {
        writer.WriteString("type"u8, "interactive"u8);
        writer.WriteStartObject("interactive"u8);
        writer.WriteString("type"u8, type);
        writer.WriteStartObject("body"u8);
        writer.WriteString("text"u8, text);
        writer.WriteEndObject();
        writer.WriteStartObject("action"u8);
    }

    private static void EndInteractive(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
