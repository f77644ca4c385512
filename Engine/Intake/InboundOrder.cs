using System.Security.Cryptography;
using System.Text;
using Vellarys.Channels;

namespace Vellarys.Intake;

/// <summary>Which events keep their order among one another: those with the same key.</summary>
internal static class InboundOrder
{
    /// <summary>The same for all that one customer says on one channel; null for what is no part of a talk.</summary>
    public static Guid? KeyOf(InboundEvent happened)
    {
        if (happened.Kind is not (InboundKind.Message or InboundKind.Notice or InboundKind.Echo)) return null;
        if (happened.Address is not { } address) return null;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{happened.Channel:N}/{address}"));
        return new Guid(hash.AsSpan(0, 16));
    }
}
