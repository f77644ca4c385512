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
    public static bool IsWellFormed(IHeaderDictionary headers) => IsWellFormed(headers, Header, mayBeBare: false);

    /// <param name="mayBeBare">Without what stands before the digits.</param>
    public static bool IsWellFormed(IHeaderDictionary headers, string header, bool mayBeBare) =>
        TryRead(headers, header, mayBeBare, stackalloc byte[SHA256.HashSizeInBytes]);

    /// <summary>Whether one of the secrets signed the body. All of them are tried, whichever fits.</summary>
    public static bool IsRight(IHeaderDictionary headers, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets) =>
        IsRight(headers, Header, mayBeBare: false, body, secrets);

    public static bool IsRight(
        IHeaderDictionary headers, string header, bool mayBeBare, ReadOnlySpan<byte> body,
        IReadOnlyList<string> secrets)
    {
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryRead(headers, header, mayBeBare, shown)) return false;

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

    private static bool TryRead(IHeaderDictionary headers, string header, bool mayBeBare, Span<byte> shown)
    {
        StringValues values = headers[header];
        if (values.Count != 1 || values[0] is not { } value) return false;
        bool isPrefixed = value.StartsWith(Prefix, StringComparison.Ordinal);
        ReadOnlySpan<char> digits = isPrefixed ? value.AsSpan(Prefix.Length) : value;
        return (isPrefixed || mayBeBare) && digits.Length == 2 * SHA256.HashSizeInBytes
            && Convert.FromHexString(digits, shown, out _, out _) == OperationStatus.Done;
    }
}
