using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// The operator's view of events that no channel could take, and of what an account itself had to say. Of the platform,
/// not of a tenant.
/// </summary>
internal static class UnroutedEndpoints
{
    /// <summary>Counting further says nothing more.</summary>
    private const int MostCounted = 100_000;

    public static void MapUnrouted(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder unrouted = routes.MapGroup("/operations/unrouted");
        unrouted.MapGet("", ListAsync).Needs(Permissions.OperatePlatform, "unrouted.list")
            .Asks("before", "limit");
        unrouted.MapGet("/{id:guid}", ReadAsync).Needs(Permissions.OperatePlatform, "unrouted.read");
        unrouted.MapPost("/replay", ReplayAsync).Needs(Permissions.OperatePlatform, "unrouted.replay");
        unrouted.MapDelete("/{id:guid}", DeleteAsync).Needs(Permissions.OperatePlatform, "unrouted.delete")
            .Gives(StatusCodes.Status204NoContent);
    }

    /// <summary>Of a tenant: what its own numbers were told.</summary>
    public static void MapProviderEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/provider-events", ListEventsAsync).Needs(Permissions.ReadChannels, "provider-event.list")
            .Asks("before", "limit").Gives(typeof(Page<ProviderEventRow>));

    private static async Task<IResult> ListEventsAsync(HttpContext context, NpgsqlDataSource database)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        Cursor? before = query.Place("before");
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<ProviderEventRow> rows = await new ListProviderEvents(new TenantReader(database)).RunAsync(
            context.Tenant(), before?.At, before?.Key, limit + 1, context.RequestAborted);
        var page = Page<ProviderEventRow>.Of(rows, limit, r => new Cursor(r.RecordedAt, r.EventId));
        return TypedResults.Ok(new { items = page.Items, page.Next });
    }

    private static async Task<IResult> ListAsync(HttpContext context, UnroutedEvents events)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? at, Guid? id) = query.After("before");
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<UnroutedRow> rows = await events.ListAsync(
            at, id, limit + 1, context.RequestAborted);
        var page = Page<UnroutedRow>.Of(rows, limit, r => new Cursor(r.ReceivedAt, r.Id.ToString()));
        long total = await events.CountAsync(MostCounted, context.RequestAborted);
        return TypedResults.Ok(new { items = page.Items, page.Next, total });
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, UnroutedEvents events) =>
        await events.ReadAsync(id, context.RequestAborted) is { } body
            ? TypedResults.Ok(body)
            : NotFound();

    private static async Task<IResult> ReplayAsync(HttpContext context, RouteUnrouted route) =>
        TypedResults.Ok(new { routed = await route.RunAsync(context.RequestAborted) });

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, UnroutedEvents events) =>
        await events.DeleteAsync(id, context.RequestAborted)
            ? TypedResults.NoContent()
            : NotFound();

    private static IResult NotFound() => Problems.NotFound("event_not_found", "There is no such event.");
}
