using Vellarys.Assistant.Model;

namespace Vellarys.Tests.Assistant.Model;

/// <summary>The circuit that instances share, with the rules of the one in Redis.</summary>
internal sealed class MemoryCircuit(TimeProvider time) : ISharedCircuit
{
    private readonly Lock _gate = new();
    private DateTimeOffset? _until;
    private DateTimeOffset _probeUntil;

    public ValueTask<SharedCircuit> LookAsync(
        string deployment, TimeSpan probe, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_until is not { } until) return ValueTask.FromResult(SharedCircuit.Closed);
            if (until > now) return ValueTask.FromResult(SharedCircuit.Open(until - now));
            if (_probeUntil > now) return ValueTask.FromResult(SharedCircuit.Open(_probeUntil - now));
            _probeUntil = now + probe;
            return ValueTask.FromResult(SharedCircuit.Probe);
        }
    }

    public ValueTask OpenedAsync(string deployment, TimeSpan rest, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset until = time.GetUtcNow() + rest;
            if (_until is null || _until < until) _until = until;
            _probeUntil = default;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ClosedAsync(string deployment, CancellationToken cancellationToken)
    {
        lock (_gate) (_until, _probeUntil) = (null, default);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReleaseAsync(string deployment, CancellationToken cancellationToken)
    {
        lock (_gate) _probeUntil = default;
        return ValueTask.CompletedTask;
    }
}
