using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Vellarys;

/// <summary>A company that uses the product. Every tenant table carries it.</summary>
public readonly record struct TenantId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One WhatsApp connection (a number at a provider) of a tenant.</summary>
public readonly record struct ChannelId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One conversation of a contact on a channel, from its first message until it is closed.</summary>
public readonly record struct ConversationId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One stored message, inbound or outbound.</summary>
public readonly record struct MessageId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>One run of a flow: a handoff, a follow-up, a survey.</summary>
public readonly record struct FlowId(Guid Value)
{
    public override string ToString() => Value.ToString();
}

/// <summary>
/// Makes keys: UUIDv7, strictly increasing within the process (RFC 9562, section 6.2, method 1) for each clock. A
/// process has one; a test that sets one ahead must not have all the others' keys come from its future.
/// </summary>
public static class Ids
{
    // A key of somebody else's may name a time that no calendar has.
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
    private static readonly ConditionalWeakTable<TimeProvider, StrongBox<long>> Stamps = [];

    /// <summary>When a key was made, to the millisecond, by the clock of whoever made it.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Min(milliseconds, LastMillisecond));
    }

    /// <summary>The smallest key that could have been made at that time.</summary>
    public static Guid FloorOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A new key. The first 48 bits are Unix milliseconds, the next 12 a counter, the rest random.</summary>
    public static Guid New(TimeProvider time)
    {
        // Milliseconds in the upper bits and a 12-bit counter below: a burst borrows from the next millisecond.
        long stamp = time.GetUtcNow().ToUnixTimeMilliseconds() << 12;
        StrongBox<long> last = Stamps.GetOrCreateValue(time);
        lock (last)
        {
            stamp = stamp > last.Value ? stamp : last.Value + 1;
            last.Value = stamp;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, ((stamp >> 12) << 16) | 0x7000 | (stamp & 0xFFF));
        RandomNumberGenerator.Fill(bytes[8..]);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
