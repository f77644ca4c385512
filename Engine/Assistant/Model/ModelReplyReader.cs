using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vellarys.Assistant.Model;

/// <summary>
/// Reads a chat completion tolerantly: models and the servers that imitate the API leave properties out, add some,
/// wrap their JSON, think aloud, or answer in plain text. What cannot be used is a fault of this request alone
/// (<see cref="ModelFaults.IsUnusable"/>): it is asked for once more, and never shown.
/// </summary>
internal static class ModelReplyReader
{
    private const int MaxSummary = 4_000;
    private static readonly Dictionary<string, string> NoFields = [];

    public static ModelReply Read(ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = ModelJson.TryParse(Encoding.UTF8.GetString(body.Span))
            ?? throw ModelFaults.Unusable(ModelFaults.Unreadable, "The answer is not JSON.");
        JsonElement root = document.RootElement;
        (int input, int output) = Tokens(root);
        if (Choice(root) is not { } choice)
            throw ModelFaults.Unusable(ModelFaults.Unreadable, "The answer holds no message.");
        string why = Text(choice, "finish_reason");
        // What is withheld may have no message at all, or the part that came before.
        string withheld = choice.TryGetProperty("content_filter_results"u8, out JsonElement results)
            ? ContentFilter.Withheld(results)
            : "";
        if (why == "content_filter" || withheld.Length > 0) throw ModelFaults.Withheld("answer", withheld);
        if (!choice.TryGetProperty("message"u8, out JsonElement message) || message.ValueKind != JsonValueKind.Object)
            throw ModelFaults.Unusable(ModelFaults.Unreadable, "The answer holds no message.");

        string refusal = Text(message, "refusal");
        if (refusal.Length > 0) return Plain(refusal, input, output) with { Declined = true, Helped = false };
        return Said(Written(message), cut: why == "length", input, output);
    }

    private static JsonElement? Choice(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("choices"u8, out JsonElement choices)
        && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
        && choices[0] is { ValueKind: JsonValueKind.Object } choice
            ? choice
            : null;

    // Some put the answer into a call of a tool that they made up.
    private static string Written(JsonElement message)
    {
        string content = message.TryGetProperty("content"u8, out JsonElement value) ? Content(value) : "";
        if (!string.IsNullOrWhiteSpace(content)) return content;
        return message.TryGetProperty("tool_calls"u8, out JsonElement calls) && calls.ValueKind == JsonValueKind.Array
            && calls.GetArrayLength() > 0 && calls[0].ValueKind == JsonValueKind.Object
            && calls[0].TryGetProperty("function"u8, out JsonElement function)
            && function.ValueKind == JsonValueKind.Object
                ? Text(function, "arguments")
                : "";
    }

    private static string Content(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString() ?? "",
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(
            part => part.ValueKind switch
            {
                JsonValueKind.String => part.GetString(),
                JsonValueKind.Object when Text(part, "type") is not ("thinking" or "reasoning") => Text(part, "text"),
                _ => "",
            })),
        JsonValueKind.Object => content.GetRawText(),
        _ => "",
    };

    private static ModelReply Said(string content, bool cut, int input, int output)
    {
        string text = Thoughts.Without(CleanText.Of(content));
        using JsonDocument? document = ModelContent.Structured(text, out string reply);
        if (document is not null) return Structured(document.RootElement, reply, input, output);
        // Half a JSON object, or half a sentence, is not something to show to a customer.
        if (cut) throw ModelFaults.Unusable(ModelFaults.Cut, "The answer was cut off by its length.");
        if (text.Length == 0) throw ModelFaults.Unusable(ModelFaults.Empty, "The answer is empty.");
        if (ModelContent.IsBrokenJson(text))
            throw ModelFaults.Unusable(ModelFaults.Unreadable, "The answer's JSON is broken.");
        return Plain(text, input, output);
    }

    private static ModelReply Plain(string text, int input, int output) => new(
        text, "unknown", Sentiment.Neutral, Qualification.Unknown, Score: null, NoFields, WantsHandoff: false,
        Handoff: null, Helped: true, Summary: null, input, output);

    private static ModelReply Structured(JsonElement answer, string reply, int input, int output)
    {
        int? score = Score(answer);
        (bool wanted, HandoffReason? reason) = Handoff(answer);
        return new ModelReply(
            reply, Intent(answer), ToneOf(Text(answer, "sentiment")), Level(answer, score), score, Fields(answer),
            wanted, reason, Flag(answer, "helped") ?? true, Summary(answer), input, output);
    }

    private static string? Summary(JsonElement answer) =>
        Blank(Thoughts.Without(Text(answer, "summary"))) is { } summary
            ? CleanText.Of(summary.Length <= MaxSummary ? summary : summary[..MaxSummary])
            : null;

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
            foreach (JsonProperty field in fields.EnumerateObject())
                Add(found, CleanText.Of(field.Name), Scalar(field.Value));
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
            ? Math.Max(number, 0)
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
        JsonValueKind.String => CleanText.Of(value.GetString() ?? ""),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => "",
    };

    private static string? Blank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
