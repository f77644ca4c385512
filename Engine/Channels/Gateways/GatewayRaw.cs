using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vellarys.Channels.Gateways;

/// <summary>
/// An item as the gateway wrote it, without what must not be stored (tokens, keys, QR codes) and what is too much to be
/// (files and previews in base64, keys of the encryption, profile pictures): all that is left is bounded.
/// </summary>
internal static class GatewayRaw
{
    private const int MaxBytes = 32 * 1_024;
    private const int MaxString = 4 * 1_024;
    private const int MaxDepth = 24;

    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly HashSet<string> Left = new(StringComparer.OrdinalIgnoreCase)
    {
        // Secrets.
        "apikey", "token", "qrcode", "code", "paircode", "pairingCode", "mediaKey", "messageSecret", "server_url",
        "BaseUrl", "webhookUrl", "destination",
        // Files, previews, encryption.
        "base64", "jpegThumbnail", "thumbnail", "pngThumbnail", "thumbnailDirectPath", "thumbnailSha256",
        "thumbnailEncSha256", "fileSha256", "fileEncSha256", "directPath", "streamingSidecar", "waveform",
        "firstFrameSidecar", "scansSidecar", "scanLengths", "midQualityFileSha256", "mediaKeyTimestamp",
        "messageContextInfo", "senderKeyDistributionMessage", "deviceListMetadata", "encPayload", "encIv",
        // The provider's own copy of a customer file.
        "chat",
    };

    /// <summary>As JSON. Null for a value that is none.</summary>
    public static string? Of(JsonElement item)
    {
        if (item.ValueKind == JsonValueKind.Undefined) return null;
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using var writer = new Utf8JsonWriter(buffer, Compact);
        Copy(item, writer, 0);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Copy(JsonElement value, Utf8JsonWriter writer, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when depth < MaxDepth:
                writer.WriteStartObject();
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    string name = JsonText.NameOf(property, JsonFields.MaxKey);
                    if (writer.BytesCommitted + writer.BytesPending > MaxBytes) break;
                    if (Left.Contains(name) || IsTooLong(property.Value)) continue;
                    writer.WritePropertyName(name);
                    Copy(property.Value, writer, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array when depth < MaxDepth:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (writer.BytesCommitted + writer.BytesPending > MaxBytes) break;
                    if (!IsTooLong(item)) Copy(item, writer, depth + 1);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
            case JsonValueKind.String or JsonValueKind.Number when IsTooLong(value):
                writer.WriteNullValue();
                break;
            default:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
                break;
        }
    }

    private static bool IsTooLong(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        && JsonMarshal.GetRawUtf8Value(value).Length > MaxString;
}
