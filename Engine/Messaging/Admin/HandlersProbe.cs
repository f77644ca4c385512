using Vellarys.Health;

namespace Vellarys.Messaging.Admin;

/// <summary>
/// Whether handlers of this instance end when they must. Those that do not are listed by queue: customers are served,
/// but each keeps a processor busy until this instance is restarted.
/// </summary>
internal sealed class HandlersProbe(StuckHandlers? handlers = null) : IDependencyProbe
{
    public string Name => "handlers";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> stuck = handlers?.ByQueue ?? new Dictionary<string, long>();
        return Task.FromResult(stuck.Count == 0
            ? new DependencyState(DependencyLevel.Healthy, "up")
            : new DependencyState(DependencyLevel.Degraded, "stuck", stuck));
    }
}
