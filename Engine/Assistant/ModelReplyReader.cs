using System.Globalization;
using System.Text.Json;

namespace Vellarys.Assistant;

/// <summary>
/// Reads a chat completion tolerantly: models and the servers that imitate the API leave properties out, add some,
/// fence their JSON, or answer in plain text. What cannot be read at all is worth another try.
/// </summary>
internal static class ModelReplyReader
{
    private static readonly Dictionary<string, string> NoFields = [];

    public static ModelReply Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement root = document.RootElement;
            (int input, int output) = Tokens(root);
            if (Message(root) is not { ValueKind: JsonValueKind.Object } message)
                throw new TransientFault("model_unreadable", "The answer holds no message.");
            string content = Content(message);
            if (string.IsNullOrWhiteSpace(content)) return Refusal(root, message, input, output);
            return Structured(content.Trim(), input, output) ?? Plain(content.Trim(), input, output);
        }
        catch (JsonException e)
        {
            throw new TransientFault("model_unreadable", "The answer is not JSON.", e);
        }
    }

    private static JsonElement? Message(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("choices"u8, out JsonElement choices)
        && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
        && choices[0] is { ValueKind: JsonValueKind.Object } choice
        && choice.TryGetProperty("message"u8, out JsonElement message)
            ? message
            : null;

    private static string Content(JsonElement message)
    {
        if (!message.TryGetProperty("content"u8, out JsonElement content)) return "";
        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString() ?? "",
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(
                part => part.ValueKind == JsonValueKind.Object ? Text(part, "text") : "")),
            JsonValueKind.Object => content.GetRawText(),
            _ => "",
        };
    }

    // The model declined: that is an answer, not a failure. A blank answer is a failure, but a filtered one stays
    // filtered.
    private static ModelReply Refusal(JsonElement root, JsonElement message, int input, int output)
    {
        string refusal = Text(message, "refusal");
        if (refusal.Length > 0) return Plain(refusal, input, output) with { Intent = "refused", Helped = false };
        if (Text(root.GetProperty("choices"u8)[0], "finish_reason") == "content_filter")
            throw new PermanentFault("model_content_filter", "The provider's filter withheld the answer.");
        throw new TransientFault("model_empty", "The answer is empty.");
    }

    private static ModelReply Plain(string text, int input, int output) => new(
        text, "unknown", Sentiment.Neutral, Qualification.Unknown, Score: null, NoFields, WantsHandoff: false,
        Handoff: null, Helped: true, Summary: null, input, output);

    private static ModelReply? Structured(string content, int input, int output)
    {
        string json = Unfenced(content);
        if (json.Length == 0 || json[0] != '{') return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement answer = document.RootElement;
            string reply = Text(answer, "reply").Trim();
            if (reply.Length == 0) throw new TransientFault("model_empty", "The answer has no reply.");
            int? score = Score(answer);
            (bool wanted, HandoffReason? reason) = Handoff(answer);
            return new ModelReply(
                reply, Intent(answer), ToneOf(Text(answer, "sentiment")), Level(answer, score), score, Fields(answer),
                wanted, reason, Flag(answer, "helped") ?? true, Blank(Text(answer, "summary")), input, output);
        }
        catch (JsonException e)
        {
            // Half a JSON object is not something to show to a customer.
            throw new TransientFault("model_unreadable", "The answer's JSON is broken.", e);
        }
    }

    private static string Unfenced(string content)
    {
        if (!content.StartsWith("```", StringComparison.Ordinal)) return content;
        int start = content.IndexOf('\n', StringComparison.Ordinal);
        int end = content.LastIndexOf("```", StringComparison.Ordinal);
        return start >= 0 && end > start ? content[(start + 1)..end].Trim() : content;
    }

    private static string Intent(JsonElement answer) =>
        Blank(Text(answer, "intent")) is { Length: <= 64 } intent ? intent : "unknown";

    private static Sentiment ToneOf(string text) => text.ToUpperInvariant() switch
    {
        "POSITIVE" or "POSITIVO" => Sentiment.Positive,
        "NEGATIVE" or "NEGATIVO" => Sentiment.Negative,
        _ => Sentiment.Neutral,
    };

    // Older prompts and other servers say qualified: true with a score instead of a level. A qualified lead is one
    // worth talking to; only a high score makes it one that is ready to buy.
    private static Qualification Level(JsonElement answer, int? score) =>
        Enum.TryParse(Text(answer, "qualification"), ignoreCase: true, out Qualification level) && Enum.IsDefined(level)
            ? level
            : (Flag(answer, "qualified"), score) switch
            {
                (true, >= 80) => Qualification.Hot,
                (true, _) => Qualification.Warm,
                (false, _) => Qualification.Cold,
                _ => Qualification.Unknown,
            };

    private static int? Score(JsonElement answer) =>
        answer.TryGetProperty("score"u8, out JsonElement score)
        && (score.ValueKind == JsonValueKind.Number ? score.TryGetDouble(out double value) : double.TryParse(
            Scalar(score), NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            ? (int)Math.Clamp(Math.Round(value), 0, 100)
            : null;

    private static (bool Wanted, HandoffReason? Reason) Handoff(JsonElement answer)
    {
        if (!answer.TryGetProperty("handoff"u8, out JsonElement handoff)) return (false, null);
        return handoff.ValueKind switch
        {
            JsonValueKind.True => (true, null),
            JsonValueKind.String => Reason(handoff.GetString()!),
            JsonValueKind.Object when Flag(handoff, "needed") is false => (false, null),
            JsonValueKind.Object => (true, Reason(Text(handoff, "reason")).Reason),
            _ => (false, null),
        };
    }

    private static (bool Wanted, HandoffReason? Reason) Reason(string text) =>
        text.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant() switch
        {
            "" or "NONE" or "NULL" or "FALSE" or "NO" => (false, null),
            "CUSTOMERASKED" => (true, HandoffReason.CustomerAsked),
            "HOTLEAD" => (true, HandoffReason.HotLead),
            "COMPLAINT" => (true, HandoffReason.Complaint),
            _ => (true, HandoffReason.AssistantUnsure),
        };

    private static Dictionary<string, string> Fields(JsonElement answer)
    {
        if (!answer.TryGetProperty("fields"u8, out JsonElement fields)) return NoFields;
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        if (fields.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty field in fields.EnumerateObject()) Add(found, field.Name, Scalar(field.Value));
        }
        else if (fields.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement pair in fields.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object))
                Add(found, Text(pair, "name"), Text(pair, "value"));
        }

        return found;
    }

    private static void Add(Dictionary<string, string> fields, string name, string value)
    {
        if (name is { Length: > 0 and <= 64 } && value is { Length: > 0 and <= 500 } && fields.Count < 32)
            fields[name] = value;
    }

    private static (int Input, int Output) Tokens(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("usage"u8, out JsonElement usage) && usage.ValueKind == JsonValueKind.Object
            ? (Number(usage, "prompt_tokens"), Number(usage, "completion_tokens"))
            : (0, 0);

    private static int Number(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out int number)
            ? number
            : 0;

    private static bool? Flag(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                JsonValueKind.String when bool.TryParse(value.GetString(), out bool parsed) => parsed,
                _ => null,
            }
            : null;

    private static string Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) ? Scalar(value) : "";

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => "",
    };

    private static string? Blank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
