using Vellarys.Channels;

namespace Vellarys.Conversations.Ownership;

/// <summary>What a reply is beside its text.</summary>
/// <param name="Kind">As in <c>messages.kind</c>: <c>text</c>, or what the content is.</param>
/// <param name="Quotes">The provider's id of the message that it quotes.</param>
/// <param name="Media">The upload that goes with it; the text is its caption.</param>
internal sealed record ReplyContent(string Kind, OutboundContent? Content, string? Quotes, Guid? Media);
