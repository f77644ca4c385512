using Vellarys.Health;

namespace Vellarys.Assistant.Model;

/// <summary>Whether a model answers just now. Never a reason to stop: the offline assistant takes its place.</summary>
internal sealed class ModelProbe(IModelHealth? model = null) : IDependencyProbe
{
    public string Name => "model";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public Task<DependencyState> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(
        model?.Current is not { Configured: true } health
            ? new DependencyState(DependencyLevel.Healthy, "not configured")
            : health.Circuit switch
            {
                CircuitState.Closed => new DependencyState(DependencyLevel.Healthy, "closed"),
                CircuitState.HalfOpen => new DependencyState(DependencyLevel.Degraded, "half-open"),
                _ => new DependencyState(DependencyLevel.Degraded, "open"),
            });
}
