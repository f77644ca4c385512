using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Conversations.Sending.Failures;

/// <summary>What was not delivered, and what still waits.</summary>
internal static class DeliveryEndpoints
{
    private static readonly string[] States = ["failed", "unknown", "pending", "sending"];

    public static void MapDeliveries(this IEndpointRouteBuilder routes) => routes.MapGet("/deliveries", ListAsync)
        .Needs(Permissions.ReadConversations, "delivery.list")
        .Asks("state", "channel", "after", "limit").Gives(typeof(Page<DeliveryRow>));

    private static async Task<IResult> ListAsync(HttpContext context, ListDeliveries list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        string[] states = query.Choices("state", States) ?? ["failed"];
        Guid? channel = query.Id("channel");
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<DeliveryRow> rows = await list.RunAsync(
            context.Tenant(), new DeliveryFilter(states, channel, after, afterId, limit + 1), context.RequestAborted);
        return TypedResults.Ok(Page<DeliveryRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.MessageId.ToString())));
    }
}
