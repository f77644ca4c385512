namespace Vellarys.Tests.Simulator;

/// <summary>What a number may send, as the provider counts it. Times are since the simulator began.</summary>
internal sealed class SimulatedNumber(SimulatorConfig config)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly Queue<TimeSpan> _accepted = new();
    private readonly Dictionary<string, (double Tokens, TimeSpan At)> _pairs = [];
    private readonly Dictionary<string, TimeSpan> _windows = [];

    /// <summary>The customer wrote.</summary>
    public void Hear(string from, TimeSpan now) => _windows[from] = now;

    /// <summary>The code that a send is refused with; 0 accepts it, and counts it.</summary>
    public int Judge(string to, string type, SimulatedCustomers customers, TimeSpan now)
    {
        while (_accepted.TryPeek(out TimeSpan first) && first <= now - Second) _accepted.Dequeue();
        if (_accepted.Count >= config.PerSecond) return 130429;
        if (customers.IsUnreachable(to)) return 131026;
        bool isOpen = !config.HasWindow || _windows.TryGetValue(to, out TimeSpan heard) && heard > now - Day;
        if (!isOpen && type != "template") return 131047;
        if (!TakePair(to, now)) return 131056;
        _accepted.Enqueue(now);
        return 0;
    }

    private bool TakePair(string to, TimeSpan now)
    {
        (double tokens, TimeSpan at) = _pairs.GetValueOrDefault(to, (config.PairBurst, now));
        tokens = Math.Min(config.PairBurst, tokens + (now - at) / config.PairInterval);
        // What was rounded on the way must not cost a message.
        bool isTaken = tokens >= 1 - 1e-6;
        _pairs[to] = (isTaken ? tokens - 1 : tokens, now);
        return isTaken;
    }
}
