namespace Vellarys.Assistant.Model;

/// <summary>Whether turns are answered by a model just now; shown by <c>/health</c>.</summary>
/// <param name="Configured">There is a key. False is a way to run, not a fault.</param>
internal sealed record ModelHealth(bool Configured, CircuitState Circuit, string Model);

/// <summary>The breaker before the model.</summary>
public enum CircuitState
{
    /// <summary>Calls go through.</summary>
    Closed,

    /// <summary>Calls are refused at once; the offline assistant answers.</summary>
    Open,

    /// <summary>One call is probing; the others are refused.</summary>
    HalfOpen,
}
