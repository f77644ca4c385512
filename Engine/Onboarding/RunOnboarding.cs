using Vellarys.Accounts.Access;
using Vellarys.Accounts.Platform;
using Vellarys.Jobs;

namespace Vellarys.Onboarding;

/// <summary>
/// The eight steps from nothing to a company that goes live. Each looks first at what is there, so that a run that is
/// repeated goes on where the last one stopped, and doubles nothing.
/// </summary>
internal sealed class RunOnboarding(
    SetUpTenant company, SetUpChannel number, SetUpWebhook wayOut, SetUpPeople people, ReadWatch watch,
    RecordAccountEvent record, JobLock oneAtATime)
{
    /// <summary>The audit name of a run; the first one begins the watch.</summary>
    public const string Audit = "tenant.onboard";

    /// <summary>Null while another run is at work on the same company.</summary>
    /// <param name="input">Without a fault.</param>
    public async Task<OnboardingReport?> RunAsync(
        TenantId tenant, OnboardingInput input, Caller by, CancellationToken cancellationToken)
    {
        await using IAsyncDisposable? turn = await oneAtATime.TryTakeAsync($"onboard {tenant}", cancellationToken);
        if (turn is null) return null;
        TenantRow? present = await company.FindAsync(tenant, cancellationToken);
        List<OnboardingStep> steps = [await company.CreateAsync(tenant, present, input.Tenant, cancellationToken)];
        if (steps[0].State != "done") return new OnboardingReport(tenant.Value, null, null, steps, null);
        await record.RunAsync(tenant, Audit, by, subject: null, cancellationToken);

        (IReadOnlyList<OnboardingStep> reached, ChannelId? channel) = await number.RunAsync(
            tenant, input.Channel, cancellationToken);
        steps.AddRange(reached);
        (OnboardingStep told, string? secret) = await wayOut.RunAsync(tenant, input.WebhookOut, cancellationToken);
        steps.Add(told);
        steps.Add(await people.TellAsync(tenant, input.Prompt, cancellationToken));
        (OnboardingStep let, string? password) = await people.LetInAsync(tenant, input.Admin, cancellationToken);
        steps.Add(let);
        steps.Add(await company.LimitAsync(tenant, input.Tenant, cancellationToken));
        WatchReport week = (await watch.RunAsync(tenant, cancellationToken))!;
        steps.Add(OnboardingStep.Done(
            OnboardingSteps.Watch,
            $"Watched until {week.Until:yyyy-MM-dd HH:mm} UTC: GET /api/v1/onboarding/{tenant}."));
        OnboardingSecrets? once = secret is null && password is null ? null : new(secret, password);
        string? address = channel is { } id ? number.AddressOf(id) : null;
        return new OnboardingReport(tenant.Value, channel?.Value, address, steps, once);
    }
}

/// <summary>What a run did.</summary>
/// <param name="ChannelId">Null where there is no number yet.</param>
/// <param name="WebhookUrl">What the provider is to call.</param>
/// <param name="Once">Shown by this answer and never again; null when nothing was made that has a secret.</param>
internal sealed record OnboardingReport(
    Guid TenantId, Guid? ChannelId, string? WebhookUrl, IReadOnlyList<OnboardingStep> Steps, OnboardingSecrets? Once)
{
    /// <summary>Nothing failed and nothing waits.</summary>
    public bool IsLive => Steps.All(s => s.State is "done" or "skipped");
}

/// <param name="WebhookSecret">What our calls to the company's own system are signed with.</param>
internal sealed record OnboardingSecrets(string? WebhookSecret, string? AdminPassword)
{
    /// <summary>Leaves both out.</summary>
    public override string ToString() => "secrets";
}
