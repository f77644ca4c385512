namespace Vellarys.Assistant.Model;

/// <summary>
/// What instances tell each other about a deployment that does not answer. Each judges by its own breaker; when one
/// opens, the others stop too, and after the break a single one asks on behalf of all.
/// </summary>
public interface ISharedCircuit
{
    /// <summary>How it stands just now. Once the break is over, one caller of all instances gets the probe.</summary>
    /// <param name="probe">How long the probe may take before another one may try.</param>
    ValueTask<SharedCircuit> LookAsync(string deployment, TimeSpan probe, CancellationToken cancellationToken);

    /// <summary>Nobody asks for that long. The longer of two breaks holds.</summary>
    ValueTask OpenedAsync(string deployment, TimeSpan breakDuration, CancellationToken cancellationToken);

    /// <summary>It answers again.</summary>
    ValueTask ClosedAsync(string deployment, CancellationToken cancellationToken);

    /// <summary>The probe was not made: somebody else may.</summary>
    ValueTask ReleaseAsync(string deployment, CancellationToken cancellationToken);
}

/// <summary>How a shared circuit stands for one caller.</summary>
/// <param name="BreakDuration">
/// While open: how long until a probe may be made, or until it is worth another look.
/// </param>
public readonly record struct SharedCircuit(SharedCircuitState State, TimeSpan BreakDuration)
{
    public static SharedCircuit Closed { get; } = new(SharedCircuitState.Closed, TimeSpan.Zero);

    public static SharedCircuit Probe { get; } = new(SharedCircuitState.Probe, TimeSpan.Zero);

    public static SharedCircuit Open(TimeSpan breakDuration) => new(SharedCircuitState.Open, breakDuration);
}

/// <summary>What a caller may do.</summary>
public enum SharedCircuitState
{
    /// <summary>Ask.</summary>
    Closed,

    /// <summary>Not ask.</summary>
    Open,

    /// <summary>Ask once, for everybody, and tell what came of it.</summary>
    Probe,
}
