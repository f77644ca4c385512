namespace Vellarys.Messaging.Broker;

/// <summary>
/// What has an order is sent one after the other: what comes while another of its key is on its way to the broker must
/// follow that one, and not both the same. Keys share a number of places, so that nothing has to be thrown away.
/// </summary>
internal sealed class SendTurns
{
    private const int Places = 1_024;
    private readonly SemaphoreSlim[] _places = [.. Enumerable.Range(0, Places).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the turn of all keys; in one direction, so that no two wait for each other.</summary>
    public async ValueTask<IDisposable> TakeAsync(IEnumerable<QueueMessage> messages)
    {
        Turn turn = new();
        IEnumerable<int> places =
            messages.Select(m => m.OrderKey).OfType<Guid>().Select(k => (k.GetHashCode() & int.MaxValue) % Places);
        foreach (int place in places.Distinct().Order())
        {
            await _places[place].WaitAsync();
            turn.Taken.Add(_places[place]);
        }

        return turn;
    }

    private sealed class Turn : IDisposable
    {
        public List<SemaphoreSlim> Taken { get; } = [];

        public void Dispose() => Taken.ForEach(p => p.Release());
    }
}
