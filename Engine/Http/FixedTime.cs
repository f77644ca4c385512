using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Http;

/// <summary>Compares secrets in a time that tells nothing about them, their length included.</summary>
internal static class FixedTime
{
    /// <summary>False when either is empty: a secret that was never set opens nothing.</summary>
    public static bool AreEqual(string? shown, string? secret) =>
        !string.IsNullOrEmpty(shown) && !string.IsNullOrEmpty(secret) && Matches(shown, Hash(secret));

    /// <summary>For a secret that is compared often: its <see cref="Hash"/> is made once.</summary>
    public static bool Matches(string shown, ReadOnlySpan<byte> hash) =>
        CryptographicOperations.FixedTimeEquals(Hash(shown), hash);

    /// <summary>For signatures, which all have the same length.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> shown, ReadOnlySpan<byte> expected) =>
        CryptographicOperations.FixedTimeEquals(shown, expected);

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
