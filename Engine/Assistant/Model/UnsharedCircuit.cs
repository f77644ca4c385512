namespace Vellarys.Assistant.Model;

/// <summary>One process alone: its own breaker knows everything, the single probe included.</summary>
internal sealed class UnsharedCircuit : ISharedCircuit
{
    public ValueTask<SharedCircuit> LookAsync(
        string deployment, TimeSpan probe, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SharedCircuit.Closed);

    public ValueTask OpenedAsync(string deployment, TimeSpan breakDuration, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask ClosedAsync(string deployment, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ReleaseAsync(string deployment, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
