using System.Text.Json;
using Vellarys.Http;

namespace Vellarys.Channels.Gateways;

/// <summary>A secret that a gateway puts into the body: looked for among the body's own fields, no deeper.</summary>
internal static class BodyToken
{
    private const int MaxChars = 1_000;

    /// <summary>Compared in fixed time. False where there is none, or the body is no JSON.</summary>
    public static bool IsRight(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, string secret)
    {
        try
        {
            JsonBounds.Check(body);
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            string? shown = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isIt = reader.ValueTextEquals(name);
                if (!reader.Read()) return false;
                if (isIt) shown = Text(ref reader);
                else reader.Skip();
            }

            return FixedTime.AreEqual(shown, secret);
        }
        catch (Exception e) when (e is JsonException or MalformedWebhook or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return reader.ValueSpan.Length > MaxChars ? null : reader.GetString();
        reader.Skip();
        return null;
    }
}
