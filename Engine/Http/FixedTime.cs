using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Channels;

/// <summary>Compares secrets in a time that tells nothing about them, their length included.</summary>
internal static class FixedTime
{
    /// <summary>False when either is empty: a secret that was never set opens nothing.</summary>
    public static bool AreEqual(string? shown, string? secret)
    {
        if (string.IsNullOrEmpty(shown) || string.IsNullOrEmpty(secret)) return false;
        return CryptographicOperations.FixedTimeEquals(Hash(shown), Hash(secret));
    }

    private static byte[] Hash(string value) => SHA256.HashData(Encoding.UTF8.GetBytes(value));
}
