namespace Vellarys.Conversations.Recording;

/// <summary>
/// Which contacts surely have their rows, so that recording can leave the find-or-create statements out. A hint: a miss
/// costs three statements, and a wrong hit fails the check at the end of the transaction, which then runs in full.
/// </summary>
internal sealed class KnownContacts
{
    private const int Capacity = 100_000;
    private readonly Lock _gate = new();
    private HashSet<string> _recent = new(StringComparer.Ordinal);
    private HashSet<string> _older = new(StringComparer.Ordinal);

    public bool Contains(string key)
    {
        lock (_gate) return _recent.Contains(key) || _older.Contains(key);
    }

    public void Add(string key)
    {
        lock (_gate)
        {
            if (!_recent.Add(key) || _recent.Count < Capacity / 2) return;
            (_older, _recent) = (_recent, new HashSet<string>(StringComparer.Ordinal));
        }
    }

    public void Forget(string key)
    {
        lock (_gate)
        {
            _recent.Remove(key);
            _older.Remove(key);
        }
    }
}
