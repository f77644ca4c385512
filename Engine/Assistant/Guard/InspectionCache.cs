namespace Vellarys.Assistant.Guard;

/// <summary>
/// Lines and passages that passed before: a conversation's history is inspected once, not with each turn. Keeps hashes
/// with a per-process seed, so that a collision can neither be sought nor repeated; 128 KB.
/// </summary>
internal sealed class InspectionCache
{
    private readonly int[] _slots = new int[1 << 15];

    public bool Contains(string text)
    {
        int hash = Hash(text);
        return Volatile.Read(ref _slots[hash & (_slots.Length - 1)]) == hash;
    }

    public void Add(string text)
    {
        int hash = Hash(text);
        Volatile.Write(ref _slots[hash & (_slots.Length - 1)], hash);
    }

    // Zero marks an empty slot.
    private static int Hash(string text) => text.GetHashCode(StringComparison.Ordinal) is not 0 and var hash ? hash : 1;
}
