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
        flows.MapGet("", ListAsync).Needs(Permissions.ReadFlows, "flow.list")
            .Asks("name", "state", "conversation", "after", "limit").Gives(typeof(Page<FlowListRow>));
        flows.MapGet("/standstills", FindAsync).Needs(Permissions.ReadFlows, "flow.standstills")
            .Gives(typeof(Listed<Standstill>));
        flows.MapGet("/{id:guid}", ReadAsync).Needs(Permissions.ReadFlows, "flow.read")
            .Gives(typeof(FlowHistory));
        flows.MapPost("/{id:guid}/retry", async (Guid id, HttpContext context, SteerFlow steer) =>
            Answer(await steer.RetryAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.SteerFlows, "flow.retry")
            .Gives(StatusCodes.Status202Accepted);
        flows.MapPost("/{id:guid}/cancel", async (Guid id, HttpContext context, SteerFlow steer) =>
            Answer(await steer.CancelAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.SteerFlows, "flow.cancel")
            .Gives(StatusCodes.Status202Accepted);
        flows.MapPost("/{id:guid}/restart", async (Guid id, HttpContext context, SteerInstance steer) =>
            Answer(await steer.RestartAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.SteerFlows, "flow.restart")
            .Gives(StatusCodes.Status202Accepted);
        flows.MapPost("/{id:guid}/purge", async (Guid id, HttpContext context, SteerInstance steer) =>
            Answer(await steer.PurgeAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.SteerFlows, "flow.purge")
            .Gives(StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ListFlows list, FlowCatalog catalog, CompareInstances compare)
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
        var page = Page<FlowListRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString()));
        return TypedResults.Ok(page with
        {
            Items = await compare.RunAsync(context.Tenant(), page.Items, context.RequestAborted),
        });
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

    private static async Task<IResult> ReadAsync(
        Guid id, HttpContext context, ReadFlow read, CompareInstances compare)
    {
        if (await read.RunAsync(context.Tenant(), new(id), context.RequestAborted) is not { } found) return NotFound();
        IReadOnlyList<FlowListRow> compared = await compare.RunAsync(
            context.Tenant(), [found.Flow], context.RequestAborted);
        return TypedResults.Ok(found with { Flow = compared[0] });
    }

    private static string? One(QueryInput query, string name, string[] allowed)
    {
        string[]? chosen = query.Choices(name, allowed);
        if (chosen?.Length > 1) query.Refuse(name, "must be one of " + string.Join(", ", allowed));
        return chosen?[0];
    }

    private static IResult Answer(bool done) => done ? TypedResults.Accepted((string?)null) : NotFound();

    private static IResult Answer(InstanceAnswer answer) => answer.Code switch
    {
        null => TypedResults.Accepted((string?)null),
        "flow_not_found" => Problems.NotFound(answer.Code, answer.Reason),
        _ => Problems.Refused(answer.Code, answer.Reason),
    };

    private static IResult NotFound() =>
        Problems.NotFound("flow_not_found", "There is no such flow, or it has ended.");
}
