using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Onboarding;

/// <summary>The id of the company that a caller knows by a name of its own: made of it, so nothing needs be
/// remembered.</summary>
internal static class OnboardingId
{
    public static TenantId Of(string externalRef)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes("vellarys onboarding\n" + externalRef.Trim()))[..16];
        // A UUID of version 8: of whoever makes it.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new TenantId(new Guid(hash, bigEndian: true));
    }
}
