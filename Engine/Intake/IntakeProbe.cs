using Vellarys.Health;
using Vellarys.Http;

namespace Vellarys.Intake;

/// <summary>Whether webhooks are turned away: for want of memory, or for a tenant with too much waiting.</summary>
internal sealed class IntakeProbe(BodyBudget budget, IntakeBacklog backlog) : IDependencyProbe
{
    public string Name => "intake";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, long> { ["bodyBytes"] = budget.Taken };
        return Task.FromResult((budget.IsShort, backlog.IsShort) switch
        {
            (true, _) => new DependencyState(DependencyLevel.Degraded, "short of memory", figures),
            (_, true) => new DependencyState(DependencyLevel.Degraded, "backlog", figures),
            _ => new DependencyState(DependencyLevel.Healthy, "up", figures),
        });
    }
}
