using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Model;

/// <summary>
/// Finds the answer within what a model wrote: JSON as asked for, fenced, with words around it, in a list, inside a
/// string or another object; or plain text. What was meant as JSON and is none is never taken for text.
/// </summary>
internal static partial class ModelContent
{
    private const int MaxNesting = 3;
    private const int MaxCandidates = 16;

    private static readonly string[] ReplyNames =
        ["reply", "resposta", "respuesta", "response", "answer", "message", "mensagem", "text"];

    // What a model puts where it repeats the form that it should have filled in.
    private static readonly string[] Placeholders = ["string", "...", "…", "text", "<reply>", "<string>", "null"];

    /// <summary>The structured answer; null where there is none.</summary>
    public static JsonDocument? Structured(string content, out string reply) => Find(content, 0, out reply);

    /// <summary>Whether text without a structured answer was meant as one, or holds what is no text.</summary>
    public static bool IsBrokenJson(string text)
    {
        string head = text.TrimStart();
        if (head.StartsWith('{') || head.StartsWith("[{", StringComparison.Ordinal)
            || head.StartsWith("[\"", StringComparison.Ordinal)
            || text.Contains("```json", StringComparison.OrdinalIgnoreCase))
            return true;
        return text.Contains('"', StringComparison.Ordinal) && Objects().IsMatch(text);
    }

    // The beginning of an object, or one of our own properties, also within a string: no sentence for a customer.
    [GeneratedRegex(
        @"\{\s*\\*""\w+\\*""\s*:"
        + @"|\\*""(reply|intent|sentiment|qualification|score|fields|handoff|helped|summary)\\*""\s*:",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Objects();

    private static JsonDocument? Find(string content, int nesting, out string reply)
    {
        reply = "";
        string text = content.Trim();
        if (text.Length == 0 || nesting > MaxNesting) return null;
        if (text[0] == '"' && Quoted(text) is { } inner) return Find(inner, nesting + 1, out reply);
        int seen = 0;
        for (int at = text.IndexOf('{', StringComparison.Ordinal); at >= 0 && seen++ < MaxCandidates;
            at = text.IndexOf('{', at + 1))
        {
            int end = ModelJson.EndOfObject(text, at);
            JsonDocument? document = ModelJson.TryParse(end < 0 ? text[at..] : text[at..end]);
            if (document is null) continue;
            if (Answer(document, nesting, out reply) is { } answer) return answer;
            at = end < 0 ? text.Length - 1 : end - 1;
        }

        return null;
    }

    private static string? Quoted(string text)
    {
        using JsonDocument? document = ModelJson.TryParse(text);
        return document?.RootElement.ValueKind == JsonValueKind.String ? document.RootElement.GetString() : null;
    }

    // The document is disposed of unless it is handed on.
    private static JsonDocument? Answer(JsonDocument document, int nesting, out string reply)
    {
        JsonElement root = document.RootElement;
        reply = Reply(root);
        if (reply.Length > 0 && !Placeholders.Contains(reply.ToLowerInvariant()))
        {
            if (!IsBrokenJson(reply)) return document;
            // The answer once more, as text in its own reply; or JSON that is none.
            JsonDocument? inner = Find(reply, nesting + 1, out reply);
            document.Dispose();
            return inner;
        }

        // {"turn": {"reply": ...}}, {"arguments": "{...}"}
        string[] within =
        [
            .. root.EnumerateObject().Take(MaxCandidates).Select(p => p.Value.ValueKind switch
            {
                JsonValueKind.Object => p.Value.GetRawText(),
                JsonValueKind.String when p.Value.GetString()!.Contains('{', StringComparison.Ordinal) =>
                    p.Value.GetString()!,
                _ => "",
            }),
        ];
        document.Dispose();
        foreach (string inside in within)
        {
            if (Find(inside, nesting + 1, out reply) is { } found) return found;
        }

        reply = "";
        return null;
    }

    private static string Reply(JsonElement root)
    {
        foreach (string name in ReplyNames)
        {
            if (root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String)
                return Thoughts.Without(CleanText.Of(value.GetString() ?? ""));
        }

        return "";
    }
}
