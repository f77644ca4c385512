using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Webhooks;

/// <summary>The three headers of Standard Webhooks.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>One signature for each live secret, the newest first, separated by blanks.</summary>
    public static string Of(string id, long timestamp, ReadOnlySpan<byte> body, IEnumerable<string> secrets)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}."));
        byte[] signed = [.. head, .. body];
        return string.Join(' ', secrets.Select(
            s => "v1," + Convert.ToBase64String(HMACSHA256.HashData(WebhookSecret.KeyOf(s), signed))));
    }
}
