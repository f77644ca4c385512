using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Http;

namespace Vellarys.Flows.Watch;

/// <summary>What runs, what stands still, and an operator's hand on it.</summary>
internal static class FlowEndpoints
{
    private static readonly string[] States = ["running", "ended", "faulty"];

    public static void MapFlows(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder flows = routes.MapGroup("/operations/flows");
        flows.MapGet("", ListAsync);
        flows.MapGet("/standstills", FindAsync);
        flows.MapGet("/{id:guid}", ReadAsync);
        flows.MapPost("/{id:guid}/retry", async (Guid id, HttpContext context, SteerFlow steer) =>
            Answer(await steer.RetryAsync(context.Tenant(), new(id), context.RequestAborted)));
        flows.MapPost("/{id:guid}/cancel", async (Guid id, HttpContext context, SteerFlow steer) =>
            Answer(await steer.CancelAsync(context.Tenant(), new(id), context.RequestAborted)));
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListFlows list, FlowCatalog catalog)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? at, Guid? id) = query.After("after");
        Guid conversation = default;
        string? about = query.Text("conversation", 36);
        if (about is not null && !Guid.TryParse(about, out conversation))
            query.Refuse("conversation", "must be the id of a conversation");
        var filter = new FlowFilter(
            One(query, "name", [.. catalog.Names]), One(query, "state", States),
            about is null ? null : conversation, at, id, limit + 1);
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<FlowListRow> rows = await list.RunAsync(context.Tenant(), filter, context.RequestAborted);
        return TypedResults.Ok(Page<FlowListRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> FindAsync(HttpContext context, FindStuckFlows find, ITenantDirectory tenants)
    {
        Tenant? tenant = await tenants.FindAsync(context.Tenant(), context.RequestAborted);
        if (tenant is null) return Problems.NotFound("tenant_not_found", "There is no such tenant.");
        return TypedResults.Ok(new
        {
            items = await find.RunAsync(tenant, FindStuckFlows.Grace, context.RequestAborted),
        });
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ReadFlow read) =>
        await read.RunAsync(context.Tenant(), new(id), context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static string? One(QueryInput query, string name, string[] allowed)
    {
        string[]? chosen = query.Choices(name, allowed);
        if (chosen?.Length > 1) query.Refuse(name, "must be one of " + string.Join(", ", allowed));
        return chosen?[0];
    }

    private static IResult Answer(bool done) => done ? TypedResults.Accepted((string?)null) : NotFound();

    private static IResult NotFound() =>
        Problems.NotFound("flow_not_found", "There is no such flow, or it has ended.");
}
