using Polly.CircuitBreaker;

namespace Vellarys.Assistant.Model;

/// <summary>
/// Opens when a deployment answers nobody: enough failures within the window, with no success among them, and not of a
/// few conversations alone. A question that hangs, or that a server always fails on, is asked again and again; it says
/// nothing of the others.
/// </summary>
internal sealed class ModelBreaker(AssistantOptions options, TimeProvider time)
{
    private const int LeastConversations = 3;

    private readonly Lock _gate = new();
    private readonly Queue<(TimeSpan At, ConversationId? Who)> _failures = new();
    private TimeSpan? _success;
    private TimeSpan? _openUntil;
    private bool _probing;

    public Polly.CircuitBreaker.CircuitState State
    {
        get
        {
            lock (_gate)
            {
                return _openUntil is null ? Polly.CircuitBreaker.CircuitState.Closed
                    : _probing ? Polly.CircuitBreaker.CircuitState.HalfOpen
                    : Polly.CircuitBreaker.CircuitState.Open;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>True when the call is the one probe after the break.</summary>
    /// <exception cref="BrokenCircuitException">Nobody is to ask.</exception>
    public bool Enter()
    {
        lock (_gate)
        {
            if (_openUntil is not { } until) return false;
            if (_probing || Now < until) throw new BrokenCircuitException();
            return _probing = true;
        }
    }

    /// <summary>It answered, if only to refuse. True when that closed the circuit.</summary>
    public bool Succeeded(bool wasProbe)
    {
        lock (_gate)
        {
            _success = Now;
            // A call that began before the circuit opened does not close it.
            if (!wasProbe) return false;
            (_openUntil, _probing) = (null, false);
            _failures.Clear();
            return true;
        }
    }

    /// <summary>True when that opened the circuit.</summary>
    public bool Failed(bool wasProbe, ConversationId? who)
    {
        lock (_gate)
        {
            TimeSpan now = Now;
            if (wasProbe)
            {
                (_openUntil, _probing) = (now + options.BreakerRest, false);
                return true;
            }

            _failures.Enqueue((now, who));
            while (_failures.Count > options.BreakerFailures * 16 || now - _failures.Peek().At > options.BreakerWindow)
                _failures.Dequeue();
            if (_openUntil is not null || _success is { } success && now - success <= options.BreakerWindow)
                return false;
            if (_failures.Count < options.BreakerFailures || Conversations() < LeastConversations) return false;
            _openUntil = now + options.BreakerRest;
            return true;
        }
    }

    /// <summary>The probe was not made: somebody else may.</summary>
    public void Left(bool wasProbe)
    {
        if (!wasProbe) return;
        lock (_gate) _probing = false;
    }

    // Who is not known stands for itself.
    private int Conversations() =>
        _failures.Count(f => f.Who is null) + _failures.Where(f => f.Who is not null).DistinctBy(f => f.Who).Count();
}
