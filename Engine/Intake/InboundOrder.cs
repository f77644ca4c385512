using System.Security.Cryptography;
using System.Text;
using Vellarys.Channels;

namespace Vellarys.Intake;

/// <summary>Which events keep their order among one another: those with the same key.</summary>
internal static class InboundOrder
{
    /// <summary>
    /// The same for all that one customer says on one channel; null for what is no part of a talk. The strongest of the
    /// identities decides, as it decides whose message it is: a number may be written in two ways, or left out.
    /// </summary>
    public static Guid? KeyOf(InboundEvent happened)
    {
        if (happened.Kind is not (InboundKind.Message or InboundKind.Notice or InboundKind.Echo)) return null;
        if (happened.Address is not { } address) return null;
        string who = happened.Identities is [var strongest, ..] ? $"{strongest.Kind}:{strongest.Value}" : address;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{happened.Channel:N}/{who}"));
        return new Guid(hash.AsSpan(0, 16));
    }
}
