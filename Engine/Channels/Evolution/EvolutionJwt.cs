using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Http;

namespace Vellarys.Channels.Evolution;

/// <summary>
/// The bearer that Evolution makes where a webhook's <c>headers</c> hold a <c>jwt_key</c>: a JWT, HS256 under that key,
/// good for ten minutes.
/// </summary>
internal static class EvolutionJwt
{
    private const int MaxChars = 4_096;
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>Whether one of the secrets signed it, and it is still good. All of them are tried.</summary>
    public static bool IsRight(string? token, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        if (token is null || token.Length > MaxChars || token.Split('.') is not [var head, var claims, var mac])
            return false;
        if (Decode(mac) is not { Length: SHA256.HashSizeInBytes } shown || !IsHs256(head)) return false;
        byte[] signed = Encoding.UTF8.GetBytes($"{head}.{claims}");
        bool isRight = false;
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (string secret in secrets)
        {
            if (secret.Length == 0) continue;
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed, expected);
            isRight |= FixedTime.AreEqual(shown, expected);
        }

        return isRight && IsLive(claims, now);
    }

    private static bool IsHs256(string head) =>
        Read(head, json => json.Text("alg"u8) == "HS256");

    private static bool IsLive(string claims, DateTimeOffset now) => Read(
        claims, json => json.Number("exp"u8) is { } ends && (now - Skew).ToUnixTimeSeconds() < ends);

    private static bool Read(string part, Func<JsonElement, bool> look)
    {
        if (Decode(part) is not { } bytes) return false;
        try
        {
            using JsonDocument document = ProviderJson.Parse(bytes);
            return look(document.RootElement);
        }
        catch (MalformedWebhook)
        {
            return false;
        }
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
