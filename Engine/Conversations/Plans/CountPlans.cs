using Microsoft.Extensions.Logging;
using Vellarys.Accounts;
using Vellarys.Accounts.Platform;
using Vellarys.Jobs;

namespace Vellarys.Conversations.Plans;

/// <summary>
/// Looks every minute how far tenants are with their plans. From what it finds the assistant knows within a minute and
/// a half that something is used up: by so much a tenant can go beyond its plan.
/// </summary>
internal sealed class CountPlans(CountPlanUse count, PlanUsageStore usage, ILogger<CountPlans> logger) : IJob
{
    public JobSchedule Schedule => JobSchedules.CountPlans;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await usage.LimitedAsync(cancellationToken), logger, tenant => RunAsync(tenant, cancellationToken),
        cancellationToken);

    private async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (await count.RunAsync(tenant, cancellationToken) is not { } standing) return;
        if (await usage.JudgeAsync(tenant, standing, cancellationToken))
            logger.PlanStandingChanged(tenant, string.Join(", ", standing.Reached));
    }
}
