using Vellarys.Channels;
using Vellarys.Conversations.Ownership;
using Vellarys.Http;

namespace Vellarys.Conversations.Inbox;

/// <summary>What staff writes to a customer: a text, a file, or a text with something to choose.</summary>
internal sealed record ReplyBody
{
    public const int MaxText = 4_096;

    /// <summary>WhatsApp's own limit on what stands below a file.</summary>
    private const int MaxCaption = 1_024;

    private const int MaxButtons = 3;
    private const int MaxRows = 10;

    /// <summary>Required unless a file goes with it, whose caption it is then.</summary>
    public string? Text { get; set; }

    /// <summary>A file that was uploaded with <c>PUT /api/v1/media/{id}</c>.</summary>
    public Guid? MediaId { get; set; }

    /// <summary>
    /// What kind of file it is: <c>image</c>, <c>audio</c>, <c>video</c>, <c>document</c> or <c>sticker</c>.
    /// </summary>
    public string? MediaKind { get; set; }

    /// <summary>Up to three buttons below the text.</summary>
    public IReadOnlyList<OptionBody>? Buttons { get; set; }

    /// <summary>Up to ten rows of a list that a button opens.</summary>
    public IReadOnlyList<OptionBody>? List { get; set; }

    /// <summary>What that button says; at most 20 characters.</summary>
    public string? ListLabel { get; set; }

    /// <summary>The provider's id of a message of this conversation that it quotes.</summary>
    public string? QuotedMessageId { get; set; }

    /// <summary>Everything that is wrong.</summary>
    public IEnumerable<FieldFault> Faults()
    {
        int parts = (MediaId is null ? 0 : 1) + (Buttons is null ? 0 : 1) + (List is null ? 0 : 1);
        if (parts > 1) yield return new FieldFault("mediaId", "goes with a text alone: no buttons, no list");
        if (MediaId is null || Text is not null)
        {
            string? fault = Text is { Length: 0 } && MediaId is not null
                ? null
                : TextInput.Fault(Text, MediaId is null ? MaxText : MaxCaption);
            if (fault is not null) yield return new FieldFault("text", fault);
        }

        // Providers show no words with these, and would drop them.
        if (MediaKind is "audio" or "sticker" && !string.IsNullOrEmpty(Text))
            yield return new FieldFault("text", $"does not go with {MediaKind}: send it as a message of its own");
        if (MediaId is not null && MediaKind is not ("image" or "audio" or "video" or "document" or "sticker"))
            yield return new FieldFault("mediaKind", "must be among image, audio, video, document, sticker");
        foreach (FieldFault fault in OptionFaults("buttons", Buttons, MaxButtons, 20)) yield return fault;
        foreach (FieldFault fault in OptionFaults("list", List, MaxRows, 24)) yield return fault;
        if (List is not null && TextInput.Fault(ListLabel, 20) is { } label)
            yield return new FieldFault("listLabel", label);
        if (QuotedMessageId is not null && TextInput.Fault(QuotedMessageId, 512) is { } quoted)
            yield return new FieldFault("quotedMessageId", quoted);
    }

    /// <summary>Of a body without a fault.</summary>
    public ReplyContent Content() =>
        MediaId is { } media ? new ReplyContent(
            MediaKind!, new OutboundContent.Media(MediaKind!, media), QuotedMessageId, media)
        : Buttons is not null ? new ReplyContent(
            "buttons", new OutboundContent.Buttons(Options(Buttons)), QuotedMessageId, Media: null)
        : List is not null ? new ReplyContent(
            "list", new OutboundContent.Choices(ListLabel!, Options(List)), QuotedMessageId, Media: null)
        : new ReplyContent("text", Content: null, QuotedMessageId, Media: null);

    private static OutboundContent.Choice[] Options(IReadOnlyList<OptionBody> options) =>
        [.. options.Select(o => new OutboundContent.Choice(o.Id!, o.Title!, o.Description))];

    private static IEnumerable<FieldFault> OptionFaults(
        string field, IReadOnlyList<OptionBody>? options, int most, int maxTitle)
    {
        if (options is null) yield break;
        if (options.Count == 0 || options.Count > most)
            yield return new FieldFault(field, $"must have 1 to {most} items");
        for (int i = 0; i < Math.Min(options.Count, most); i++)
        {
            if (TextInput.Fault(options[i]?.Id, 200) is { } id) yield return new FieldFault($"{field}[{i}].id", id);
            if (TextInput.Fault(options[i]?.Title, maxTitle) is { } title)
                yield return new FieldFault($"{field}[{i}].title", title);
            if (options[i]?.Description is { } text && TextInput.Fault(text, 72) is { } description)
                yield return new FieldFault($"{field}[{i}].description", description);
        }

        if (options.Select(o => o?.Id).Distinct().Count() < options.Count
            || options.Select(o => o?.Title).Distinct().Count() < options.Count)
            yield return new FieldFault(field, "must differ by id and by title");
    }
}

/// <summary>One thing to choose.</summary>
internal sealed record OptionBody
{
    /// <summary>Comes back with the customer's choice; at most 200 characters.</summary>
    public string? Id { get; set; }

    /// <summary>At most 20 characters on a button, 24 in a list.</summary>
    public string? Title { get; set; }

    /// <summary>Lists only; at most 72 characters.</summary>
    public string? Description { get; set; }
}
