namespace Vellarys.Secrets;

/// <summary>The master keys by id: one seals, all open.</summary>
internal sealed class MasterKeys(IReadOnlyDictionary<string, byte[]> keys, string current)
{
    /// <summary>Of a key, in bytes.</summary>
    public const int Length = 32;

    public static MasterKeys None { get; } = new(new Dictionary<string, byte[]>(), "");

    /// <summary>The id of the key that seals; empty where there is none.</summary>
    public string Current => current;

    public byte[]? Find(string id) => keys.GetValueOrDefault(id);

    /// <summary>Leaves the keys out.</summary>
    public override string ToString() => string.Join(", ", keys.Keys);
}
