using Vellarys.Messaging;

namespace Vellarys.Tests.Messaging;

/// <summary>Remembers what arrived, in order, and lets a test wait for it.</summary>
internal sealed class Arrivals
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly List<(Guid Id, int Attempt, string Body)> _all = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];

    public IReadOnlyList<(Guid Id, int Attempt, string Body)> All
    {
        get
        {
            lock (_gate) return [.. _all];
        }
    }

    public IEnumerable<Guid> Ids => All.Select(a => a.Id);

    public void Add(ReceivedMessage received)
    {
        lock (_gate)
        {
            _all.Add((received.Message.Id, received.Attempt, received.Message.Body));
            foreach ((int count, TaskCompletionSource reached) in _waits)
            {
                if (_all.Count >= count) reached.TrySetResult();
            }
        }
    }

    public Task ReachedAsync(int count)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waits.Add((count, reached));
            if (_all.Count >= count) reached.TrySetResult();
        }

        return reached.Task.WaitAsync(Patience);
    }
}
