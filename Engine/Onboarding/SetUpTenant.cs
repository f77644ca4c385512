using Vellarys.Accounts.Platform;

namespace Vellarys.Onboarding;

/// <summary>The company itself, and what its plan allows it.</summary>
internal sealed class SetUpTenant(TenantStore tenants)
{
    public async Task<TenantRow?> FindAsync(TenantId id, CancellationToken cancellationToken) =>
        (await tenants.ListAsync(id.Value, null, 1, cancellationToken)).SingleOrDefault();

    public Task<bool> HasPlanAsync(Guid plan, CancellationToken cancellationToken) =>
        tenants.HasPlanAsync(plan, cancellationToken);

    /// <param name="input">Without a fault; null where the company is there.</param>
    public async Task<OnboardingStep> CreateAsync(
        TenantId id, TenantRow? present, TenantInput? input, CancellationToken cancellationToken)
    {
        if (present is { Status: "active" })
            return OnboardingStep.Done(OnboardingSteps.Tenant, $"{present.Name} is there: tenant {id}.");
        if (present is not null)
        {
            return OnboardingStep.Failed(
                OnboardingSteps.Tenant, $"Tenant {id} is suspended: resume it first.", "tenant_suspended");
        }

        await tenants.AddAsync(id, input!, cancellationToken);
        return OnboardingStep.Done(OnboardingSteps.Tenant, $"{input!.Name!.Trim()} was made: tenant {id}.");
    }

    public async Task<OnboardingStep> LimitAsync(TenantId id, TenantInput? input, CancellationToken cancellationToken)
    {
        TenantRow now = (await FindAsync(id, cancellationToken))!;
        if (input?.PlanId is { } wanted && wanted != now.PlanId)
        {
            TenantInput planned = new()
            {
                Name = now.Name, Locale = now.Locale, TimeZone = now.TimeZone, PlanId = wanted,
            };
            await tenants.ChangeAsync(id, planned, cancellationToken);
            now = (await FindAsync(id, cancellationToken))!;
        }

        return now.PlanName is { } plan
            ? OnboardingStep.Done(OnboardingSteps.Limits, $"The plan is {plan}.")
            : OnboardingStep.Skipped(
                OnboardingSteps.Limits, "No plan was named as tenant.planId: the company has no limits.", "not_named");
    }
}
