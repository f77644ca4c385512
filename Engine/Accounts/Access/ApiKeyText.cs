using System.Buffers.Text;
using System.Security.Cryptography;

namespace Vellarys.Accounts.Access;

/// <summary>
/// A tenant's key for machines as it is written: <c>vk_</c>, its id in 32 hex digits, and 256 random bits. A prefix
/// that no other secret has lets scanners of repositories find one that leaked.
/// </summary>
internal static class ApiKeyText
{
    private const string Prefix = "vk_";
    private const int IdLength = 32;
    private const int SecretBytes = 32;

    public static bool LooksLikeOne(string shown) => shown.StartsWith(Prefix, StringComparison.Ordinal);

    public static (string Text, string Secret) Make(Guid id)
    {
        string secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return ($"{Prefix}{id:N}_{secret}", secret);
    }

    public static (Guid Id, string Secret)? Parse(string shown)
    {
        int secretAt = Prefix.Length + IdLength + 1;
        if (!LooksLikeOne(shown) || shown.Length <= secretAt || shown.Length > 128) return null;
        if (shown[secretAt - 1] != '_') return null;
        return Guid.TryParseExact(shown.AsSpan(Prefix.Length, IdLength), "N", out Guid id)
            ? (id, shown[secretAt..])
            : null;
    }
}
