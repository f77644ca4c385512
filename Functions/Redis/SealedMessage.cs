using System.Security.Cryptography;
using System.Text;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Redis;

/// <summary>
/// A sent message as it lies in Redis. Its subject is a provider's message id, in which a phone number may be encoded,
/// so that it is sealed: the order key opens it, of which Redis sees a hash.
/// </summary>
internal static class SealedMessage
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(Guid orderKey, SentMessage message)
    {
        using MemoryStream plain = new();
        using (BinaryWriter writer = new(plain, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(message.At.UtcTicks);
            writer.Write(message.Subject);
            writer.Write(message.Follows is not null);
            if (message.Follows is { } follows) writer.Write(follows);
        }

        byte[] sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
        using AesGcm cipher = Cipher(orderKey);
        cipher.Encrypt(
            sealedBytes.AsSpan(0, NonceBytes), plain.GetBuffer().AsSpan(0, (int)plain.Length),
            sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes));
        return sealedBytes;
    }

    /// <summary>Null: it is none of ours, or damaged.</summary>
    public static SentMessage? Open(Guid orderKey, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes) return null;
        byte[] plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using AesGcm cipher = Cipher(orderKey);
        try
        {
            cipher.Decrypt(
                sealedBytes[..NonceBytes], sealedBytes[(NonceBytes + TagBytes)..],
                sealedBytes[NonceBytes..(NonceBytes + TagBytes)], plain);
        }
        catch (CryptographicException)
        {
            return null;
        }

        using BinaryReader reader = new(new MemoryStream(plain), Encoding.UTF8);
        DateTimeOffset at = new(reader.ReadInt64(), TimeSpan.Zero);
        return new SentMessage(reader.ReadString(), reader.ReadBoolean() ? reader.ReadString() : null, at);
    }

    private static AesGcm Cipher(Guid orderKey) => new(
        HKDF.DeriveKey(HashAlgorithmName.SHA256, orderKey.ToByteArray(), KeyBytes, info: "last sent"u8.ToArray()),
        TagBytes);
}
