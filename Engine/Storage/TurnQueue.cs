using System.Diagnostics.CodeAnalysis;

namespace Vellarys.Storage;

/// <summary>A queue of lanes that are taken from in turn; within its lane everything keeps its order.</summary>
internal sealed class TurnQueue<T>
{
    private readonly Dictionary<Guid, Queue<T>> _lanes = [];
    private readonly Queue<Guid> _turns = new();
    private Queue<T>? _spare;

    public int Count { get; private set; }

    public void Enqueue(Guid lane, T item)
    {
        Count++;
        if (!_lanes.TryGetValue(lane, out Queue<T>? items))
        {
            items = _spare ?? new Queue<T>();
            _spare = null;
            _lanes[lane] = items;
            _turns.Enqueue(lane);
        }

        items.Enqueue(item);
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        item = default;
        if (!_turns.TryDequeue(out Guid lane)) return false;
        Queue<T> items = _lanes[lane];
        item = items.Dequeue();
        Count--;
        if (items.Count > 0)
        {
            _turns.Enqueue(lane);
        }
        else
        {
            _lanes.Remove(lane);
            _spare = items;
        }

        return true;
    }
}
