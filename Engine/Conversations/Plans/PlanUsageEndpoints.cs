using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Accounts.Platform;
using Vellarys.Http;

namespace Vellarys.Conversations.Plans;

/// <summary>What a tenant used of its plan: for itself, and for the platform.</summary>
internal static class PlanUsageEndpoints
{
    public static void MapPlanUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/plan", (HttpContext context, CountPlanUse count) => ReadAsync(context.Tenant(), context, count))
            .Needs(Permissions.ReadSettings, "plan.read").Gives(typeof(PlanUsage));

    public static void MapTenantUsage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/tenants/{id:guid}/usage",
            (Guid id, HttpContext context, CountPlanUse count) => ReadAsync(new(id), context, count))
            .Needs(Permissions.ManageTenants, "tenant.usage").Gives(typeof(PlanUsage));

    private static async Task<IResult> ReadAsync(TenantId tenant, HttpContext context, CountPlanUse count) =>
        await count.RunAsync(tenant, context.RequestAborted) is { } standing
            ? TypedResults.Ok(PlanUsage.Of(standing))
            : Problems.NotFound("tenant_not_found", "There is no such tenant.");
}

/// <summary>What a tenant used of its plan.</summary>
/// <param name="Plan">Its name; null for none: then nothing is limited.</param>
/// <param name="Month">The first day of the month, by the tenant's clock.</param>
/// <param name="CountedTo">Up to when.</param>
internal sealed record PlanUsage(
    string? Plan, DateOnly Month, DateTime CountedTo, PlanUsageLine Messages, PlanUsageLine Conversations,
    PlanUsageLine ModelTokens, PlanUsageLine Channels, PlanUsageLine Users)
{
    public static PlanUsage Of(PlanStanding standing)
    {
        PlanAmount[] amounts = [.. standing.Amounts];
        return new(
            standing.PlanName, standing.Month, standing.From, PlanUsageLine.Of(amounts[0]),
            PlanUsageLine.Of(amounts[1]), PlanUsageLine.Of(amounts[2]),
            PlanUsageLine.Of(new("channels", standing.Channels, standing.ChannelsLimit)),
            PlanUsageLine.Of(new("users", standing.Users, standing.UsersLimit)));
    }
}

/// <summary>One line of it.</summary>
/// <param name="Limit">Null: none.</param>
/// <param name="State"><c>ok</c>, <c>warning</c> from 80 % on, <c>reached</c>.</param>
internal sealed record PlanUsageLine(long Used, long? Limit, int? Percent, string State)
{
    public static PlanUsageLine Of(PlanAmount amount) => new(
        amount.Used, amount.Limit, amount.Percent,
        amount.Percent >= 100 ? "reached" : amount.Percent >= PlanStanding.WarnedAt ? "warning" : "ok");
}
