using System.Text.Json;
using System.Text.Unicode;

namespace Vellarys.Channels;

/// <summary>Parses a webhook's body, or says what is wrong with it.</summary>
internal static class ProviderJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonBounds.MaxDepth };

    /// <summary>The document reads from <paramref name="body"/>, which must outlive it.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) throw new MalformedWebhook("$", "is empty");
        // The JSON reader looks inside strings only when they are read, and throws then.
        if (!Utf8.IsValid(body.Span)) throw new MalformedWebhook("$", "is not valid UTF-8");
        try
        {
            JsonBounds.Check(body.Span);
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            string at = string.Create(null, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine}");
            throw new MalformedWebhook(
                "$", $"is not valid JSON, or nested deeper than {JsonBounds.MaxDepth} levels ({at})");
        }
    }
}
