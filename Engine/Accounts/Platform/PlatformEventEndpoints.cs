using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>The platform's record.</summary>
internal static class PlatformEventEndpoints
{
    public static void MapPlatformEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/platform-events", ListAsync).Needs(Permissions.ManageTenants, "platform-event.list")
            .Asks("tenantId", "after", "limit").Gives(typeof(Page<PlatformEvent>));

    private static async Task<IResult> ListAsync(HttpContext context, PlatformEvents events)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        Guid? tenant = query.Id("tenantId");
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<PlatformEvent> rows = await events.ListAsync(
            after, afterId, tenant, limit + 1, context.RequestAborted);
        return TypedResults.Ok(Page<PlatformEvent>.Of(rows, limit, last => new Cursor(last.At, last.Id.ToString())));
    }
}
