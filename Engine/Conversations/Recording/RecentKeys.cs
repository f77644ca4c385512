namespace Vellarys.Conversations.Recording;

/// <summary>What this process has met lately, up to a bound: a hint that spares a question.</summary>
internal sealed class RecentKeys(int capacity)
{
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
            if (!_recent.Add(key) || _recent.Count < capacity / 2) return;
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
