using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Platform;
using Vellarys.Channels.Setup;
using Vellarys.Http;
using Vellarys.Webhooks;

namespace Vellarys.Onboarding;

/// <summary>A company goes live by one call, and its first week can be read.</summary>
internal static class OnboardingEndpoints
{
    public static void MapOnboarding(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/onboarding", RunAsync).Needs(Permissions.ManageTenants, RunOnboarding.Audit);
        routes.MapGet("/onboarding/{tenant:guid}", WatchAsync).Needs(Permissions.ManageTenants, "tenant.watch");
    }

    private static async Task<IResult> RunAsync(
        HttpContext context, RunOnboarding run, SetUpTenant company, AdmitTenant admit, ApiOptions options,
        WebhookOptions webhooks, ChannelForms forms, TimeProvider time)
    {
        (OnboardingInput? input, IResult? problem) = await JsonBody.ReadAsync<OnboardingInput>(
            context.Request, options);
        if (input is null) return problem!;
        List<FieldFault> faults = [.. input.Faults(webhooks.AllowLocal, forms)];
        if (input.Tenant?.PlanId is { } plan && !await company.HasPlanAsync(plan, context.RequestAborted))
            faults.Add(new FieldFault("tenant.planId", "names no plan"));
        TenantId tenant = input.TenantId is { } id ? new TenantId(id)
            : input.ExternalRef is { } reference ? OnboardingId.Of(reference)
            : new TenantId(Ids.New(time));
        bool isNew = faults.Count == 0 && await company.FindAsync(tenant, context.RequestAborted) is null;
        if (isNew && input.TenantId is not null) return NoTenant();
        if (isNew && input.Tenant is null)
            faults.Add(new FieldFault("tenant", "is required: there is no company yet"));
        if (Problems.Invalid(faults) is { } invalid) return invalid;
        string? reason = input.Override ?? input.Tenant?.Override;
        if (isNew && await admit.RefusalAsync(reason, context.RequestAborted) is { } refusal) return refusal;
        context.Response.Headers.CacheControl = "no-store";
        RecordAccountEvent.Of(context, tenant.Value);
        if (await run.RunAsync(tenant, input, context.Caller(), context.RequestAborted) is not { } report)
        {
            return Problems.Refused(
                "onboarding_under_way", "Another call is at work on this company: wait for its answer.");
        }

        if (isNew) await admit.NoteAsync(tenant, reason, context.Caller(), context.RequestAborted);
        return TypedResults.Ok(report);
    }

    private static async Task<IResult> WatchAsync(Guid tenant, HttpContext context, ReadWatch watch) =>
        await watch.RunAsync(new(tenant), context.RequestAborted) is { } report ? TypedResults.Ok(report) : NoTenant();

    private static IResult NoTenant() => Problems.NotFound("tenant_not_found", "There is no such tenant.");
}
