using System.Security.Cryptography;

namespace Vellarys.Webhooks;

/// <summary>What signs: <c>whsec_</c> and the key in base64, as Standard Webhooks writes it.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int KeyBytes = 32;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    public static byte[] KeyOf(string secret) => Convert.FromBase64String(secret[Prefix.Length..]);
}
