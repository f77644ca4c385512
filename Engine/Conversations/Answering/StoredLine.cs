using System.Text.Json;
using Vellarys.Assistant;
using Vellarys.Channels;

namespace Vellarys.Conversations.Answering;

/// <summary>One stored message as the loader reads it.</summary>
/// <param name="IsSpoken">False for a customer's reaction, call and the like, which ask for nothing.</param>
/// <param name="Details">JSON: what came beside the text.</param>
/// <param name="Quoted">Role, text and kind of the message that this one refers to.</param>
internal sealed record StoredLine(
    string Role, string Kind, string Body, bool Unanswered, long Seq, DateTime SentAt, DateTime ReceivedAt,
    string? ExternalId, bool IsSpoken, string? Details, string[]? Quoted, DateTime CreatedAt, long? Turn,
    Guid Id)
{
    private const int MaxQuote = 300;

    /// <summary>Null for what says nothing to the assistant: a reaction that was taken back.</summary>
    public TurnLine? ToTurnLine()
    {
        TurnSpeaker speaker = Role switch
        {
            "cliente" => TurnSpeaker.Customer,
            "bot" => TurnSpeaker.Bot,
            "atendente" => TurnSpeaker.Staff,
            _ => TurnSpeaker.System,
        };
        if (Kind == "reaction")
            return Body.Length == 0 ? null : new TurnLine(speaker, LineNotes.Note($"reacted with {Body}{To()}"));
        string body = LineNotes.Plain(Body);
        string text = Kind == "text" ? body : body.Length == 0 ? $"[{Kind}]" : $"[{Kind}] {body}";
        string notes = string.Join("; ", Notes());
        return new TurnLine(
            speaker, notes.Length == 0 ? text : $"{text} {LineNotes.Note(notes)}".TrimStart(), Unanswered);
    }

    private IEnumerable<string> Notes()
    {
        if (Quoted is not null && Role == "cliente") yield return "in reply" + To();
        if (Kind == "audio") yield return "a voice note: it cannot be heard here";
        if (Kind == "call") yield return "the customer called, and nobody could pick up";
        if (Role == "cliente" && !IsReadable) yield return "something that cannot be read here";
        foreach (MessageDetail detail in Read())
        {
            if (IsForTheAssistant(detail.Name)) yield return $"{detail.Name}: {detail.Value}";
        }
    }

    private string To()
    {
        if (Quoted is not [{ } role, var said, var kind]) return "";
        string whose = role == "cliente" ? "the customer's own message" : "our message";
        string text = string.IsNullOrEmpty(said) ? $"[{kind}]" : said.Length > MaxQuote ? said[..MaxQuote] : said;
        return $" to {whose} \"{text.ReplaceLineEndings(" ")}\"";
    }

    private bool IsReadable => Kind is "text" or "button" or "interactive" or "image" or "video" or "audio"
        or "document" or "sticker" or "order" or "location" or "contacts" or "call" or "edit";

    private IReadOnlyList<MessageDetail> Read() => Details is null
        ? []
        : JsonSerializer.Deserialize(Details, InboundEventJson.Default.IReadOnlyListMessageDetail) ?? [];

    // Ids and links are for staff and statistics: to a model they are noise that it might repeat to the customer.
    private static bool IsForTheAssistant(string name) => name is not ("ad.id" or "ad.url" or "ad.click"
        or "ad.media" or "ad.media.url" or "identity.hash"
        or "product.catalog" or "catalog" or "place.url" or "voice" or "error" or "choice.id" or "button.payload");
}
