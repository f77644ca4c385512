using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Secrets;

/// <summary>
/// Seals secrets for storage. Each has a data key of its own (AES-256-GCM, with the secret's place authenticated),
/// which is sealed with a master key in turn and travels with it: <c>enc:v1:keyid:...</c>. So a new master key costs a
/// few bytes anew and no secret is written out in the clear for it. What carries no such mark is taken as it is.
/// </summary>
internal sealed class SecretBox(MasterKeys keys, bool seals = true)
{
    /// <summary>How a sealed secret begins, of any version; no secret of a provider does.</summary>
    public const string AnyMark = "enc:";

    private const string Mark = AnyMark + "v1:";

    private const int Nonce = 12;
    private const int Tag = 16;
    private const int Wrapped = Nonce + MasterKeys.Length + Tag;

    /// <summary>Leaves everything as it is, and opens nothing.</summary>
    public static SecretBox WithoutKeys { get; } = new(MasterKeys.None);

    public static bool IsSealed(string stored) => stored.StartsWith(AnyMark, StringComparison.Ordinal);

    /// <summary>Whether there is a key to seal with.</summary>
    public bool HasKey => keys.Current.Length > 0;

    /// <summary>How what needs no work any more begins; empty where that is what carries no mark.</summary>
    public string CurrentMark => seals && HasKey ? $"{Mark}{keys.Current}:" : "";

    /// <summary>The secret as it is to be stored. Empty stays empty: there is none.</summary>
    public string Seal(string secret, SecretPlace place)
    {
        if (secret.Length == 0 || CurrentMark.Length == 0) return secret;
        byte[] context = place.Bytes();
        byte[] dataKey = RandomNumberGenerator.GetBytes(MasterKeys.Length);
        byte[] sealedSecret = Encrypt(dataKey, Encoding.UTF8.GetBytes(secret), context);
        return Text(Wrap(dataKey, context), sealedSecret);
    }

    /// <summary>The secret in the clear, or why it cannot be had.</summary>
    public OpenedSecret Open(string stored, SecretPlace place)
    {
        if (!IsSealed(stored)) return new OpenedSecret(stored, null);
        byte[] context = place.Bytes();
        (byte[]? dataKey, string? fault) = Unwrap(stored, context, out byte[] sealedSecret);
        if (dataKey is null) return new OpenedSecret("", fault);
        return Decrypt(dataKey, sealedSecret, context) is { } bytes
            ? new OpenedSecret(Encoding.UTF8.GetString(bytes), null)
            : new OpenedSecret("", SecretFaults.NotAuthentic);
    }

    /// <summary>
    /// What is to be stored from now on: sealed with the current key, or in the clear where nothing is to be sealed. A
    /// secret that cannot be opened stays as it is.
    /// </summary>
    public string Renew(string stored, SecretPlace place)
    {
        string mark = CurrentMark;
        if (stored.Length == 0 || (mark.Length > 0 && stored.StartsWith(mark, StringComparison.Ordinal))) return stored;
        if (!IsSealed(stored)) return Seal(stored, place);
        if (mark.Length == 0)
            return seals ? stored : Open(stored, place) is { Fault: null } opened ? opened.Text : stored;
        byte[] context = place.Bytes();
        (byte[]? dataKey, _) = Unwrap(stored, context, out byte[] sealedSecret);
        // A data key that fits says nothing of the secret behind it: what was changed keeps its old mark.
        return dataKey is not null && Decrypt(dataKey, sealedSecret, context) is not null
            ? Text(Wrap(dataKey, context), sealedSecret)
            : stored;
    }

    private (byte[]? Key, string? Fault) Unwrap(string stored, byte[] context, out byte[] sealedSecret)
    {
        sealedSecret = [];
        string[] parts = stored.Split(':');
        if (parts is not ["enc", "v1", var id, var body] || !Base64Url.IsValid(body))
            return (null, SecretFaults.Malformed);
        byte[] bytes = Base64Url.DecodeFromChars(body);
        if (bytes.Length < Wrapped + Nonce + Tag) return (null, SecretFaults.Malformed);
        if (keys.Find(id) is not { } master) return (null, SecretFaults.UnknownKey);
        sealedSecret = bytes[Wrapped..];
        byte[]? dataKey = Decrypt(master, bytes[..Wrapped], [.. context, .. Encoding.UTF8.GetBytes(":" + id)]);
        return dataKey is null ? (null, SecretFaults.NotAuthentic) : (dataKey, null);
    }

    private byte[] Wrap(byte[] dataKey, byte[] context) => Encrypt(
        keys.Find(keys.Current)!, dataKey, [.. context, .. Encoding.UTF8.GetBytes(":" + keys.Current)]);

    private string Text(byte[] wrapped, byte[] sealedSecret) =>
        CurrentMark + Base64Url.EncodeToString([.. wrapped, .. sealedSecret]);

    private static byte[] Encrypt(byte[] key, byte[] plain, byte[] context)
    {
        byte[] result = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(result.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(
            result.AsSpan(0, Nonce), plain, result.AsSpan(Nonce, plain.Length), result.AsSpan(Nonce + plain.Length),
            context);
        return result;
    }

    /// <summary>Null when it was changed, moved, or sealed with another key.</summary>
    private static byte[]? Decrypt(byte[] key, byte[] cipher, byte[] context)
    {
        byte[] plain = new byte[cipher.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        try
        {
            aes.Decrypt(
                cipher.AsSpan(0, Nonce), cipher.AsSpan(Nonce, plain.Length), cipher.AsSpan(Nonce + plain.Length), plain,
                context);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}

/// <summary>A stored secret, opened.</summary>
/// <param name="Fault">One of <see cref="SecretFaults"/>; then there is no text.</param>
internal readonly record struct OpenedSecret(string Text, string? Fault)
{
    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => Fault ?? "opened";
}
