using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vellarys.Http;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// <c>X-Hub-Signature-256: sha256=&lt;hex&gt;</c>, the HMAC-SHA256 of the body's exact bytes under the app's secret.
/// </summary>
internal static class HubSignature
{
    public const string Header = "X-Hub-Signature-256";
    private const string Prefix = "sha256=";

    /// <summary>Whether there is a signature at all, right or wrong.</summary>
    public static bool IsWellFormed(IHeaderDictionary headers) =>
        TryRead(headers, stackalloc byte[SHA256.HashSizeInBytes]);

    /// <summary>Whether one of the secrets signed the body. All of them are tried, whichever fits.</summary>
    public static bool IsRight(IHeaderDictionary headers, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets)
    {
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryRead(headers, shown)) return false;

        bool isRight = false;
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        for (int i = 0; i < secrets.Count; i++)
        {
            // Anybody can sign with an empty secret.
            if (secrets[i].Length == 0) continue;
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secrets[i]), body, expected);
            isRight |= FixedTime.AreEqual(shown, expected);
        }

        return isRight;
    }

    private static bool TryRead(IHeaderDictionary headers, Span<byte> shown)
    {
        StringValues values = headers[Header];
        return values.Count == 1 && values[0] is { } value
            && value.StartsWith(Prefix, StringComparison.Ordinal)
            && value.Length == Prefix.Length + 2 * SHA256.HashSizeInBytes
            && Convert.FromHexString(value.AsSpan(Prefix.Length), shown, out _, out _) == OperationStatus.Done;
    }
}
