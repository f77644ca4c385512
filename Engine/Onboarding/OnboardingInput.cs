using Vellarys.Accounts.Platform;
using Vellarys.Accounts.Prompts;
using Vellarys.Channels.Setup;
using Vellarys.Http;
using Vellarys.Webhooks.Endpoints;

namespace Vellarys.Onboarding;

/// <summary>A company that is to go live. What is left out is a step that is left out.</summary>
internal sealed record OnboardingInput
{
    private const int MaxReference = 200;

    /// <summary>Of one that is there: the run goes on where the last one stopped.</summary>
    public Guid? TenantId { get; set; }

    /// <summary>The caller's own name for the company: the same one is the same company, however often it is
    /// sent.</summary>
    public string? ExternalRef { get; set; }

    /// <summary>Required where the company is not there yet. Its plan is the step <c>limits</c>.</summary>
    public TenantInput? Tenant { get; set; }

    public ChannelInput? Channel { get; set; }

    public EndpointInput? WebhookOut { get; set; }

    public string? Prompt { get; set; }

    public AdminInput? Admin { get; set; }

    /// <summary>Why it is made although something is red. Default none.</summary>
    public string? Override { get; set; }

    /// <summary>Everything that is wrong, of every part.</summary>
    public IEnumerable<FieldFault> Faults(bool allowsLocal, ChannelForms forms)
    {
        if (ExternalRef is not null && TextInput.Fault(ExternalRef, MaxReference) is { } reference)
            yield return new FieldFault("externalRef", reference);
        if (TenantId is not null && ExternalRef is not null)
            yield return new FieldFault("externalRef", "goes with no tenantId: name the company in one way");
        if (Tenant is null && TenantId is null && ExternalRef is null)
            yield return new FieldFault("tenant", "is required: there is no company yet");
        if (Override is not null && TextInput.Fault(Override, AdmitTenant.MaxReason) is { } reason)
            yield return new FieldFault("override", reason);
        foreach (FieldFault fault in Under("tenant", Tenant?.Faults())) yield return fault;
        foreach (FieldFault fault in Under("channel", Channel?.Faults(forms))) yield return fault;
        foreach (FieldFault fault in Under("webhookOut", WebhookOut?.Faults(allowsLocal))) yield return fault;
        foreach (FieldFault fault in Under("admin", Admin?.Faults())) yield return fault;
        if (Prompt is null) yield break;
        foreach (FieldFault fault in new PromptInput { Body = Prompt }.Faults())
            yield return new FieldFault("prompt", fault.Reason);
    }

    private static IEnumerable<FieldFault> Under(string part, IEnumerable<FieldFault>? faults) =>
        (faults ?? []).Select(f => new FieldFault($"{part}.{f.Field}", f.Reason));
}
