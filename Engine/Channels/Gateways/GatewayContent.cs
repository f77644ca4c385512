namespace Vellarys.Channels.Gateways;

/// <summary>What a message says, whichever gateway it came through.</summary>
/// <param name="Kind">Whether it wants an answer; an echo is made of it afterwards.</param>
/// <param name="Type">In the words that all providers share: <c>text</c>, <c>image</c>, <c>interactive</c>...</param>
internal sealed record GatewayContent(InboundKind Kind, string Type, string Text)
{
    public const int MaxText = 4_096;

    /// <summary>What came beside the text.</summary>
    public MessageDetails Details { get; init; } = new();

    public InboundMedia? Media { get; init; }

    /// <summary>The message that it quotes, reacts to, edits or revokes.</summary>
    public string? RefersTo { get; init; }

    /// <summary><c>ad</c> or <c>post</c>.</summary>
    public string? Source { get; init; }

    /// <summary>The customer wrote something that cannot be read here, or a type that is new.</summary>
    /// <param name="what">The gateway's word for it.</param>
    public static GatewayContent Unsupported(string? what)
    {
        var content = new GatewayContent(InboundKind.Message, "unsupported", "");
        content.Details.Add("unsupported", what);
        return content;
    }

    public static GatewayContent Message(string type, string? text) => new(InboundKind.Message, type, text ?? "");

    public static GatewayContent Notice(string type, string? text) => new(InboundKind.Notice, type, text ?? "");

    /// <summary>Nothing that anybody said: encryption, settings, an announcement of what follows by itself.</summary>
    /// <param name="reason">Why it is left aside, in a word.</param>
    public static GatewayContent Nothing(string reason) => new(InboundKind.Unknown, reason, "");

    /// <summary>A plain text with nothing beside it: the raw item says no more.</summary>
    public bool IsWhole => Type == "text" && Kind == InboundKind.Message && RefersTo is null && Media is null
        && Details.List is null;
}
