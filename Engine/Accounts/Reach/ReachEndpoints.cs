using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Reach;

/// <summary>From where a tenant is reached, who of the platform may look into it, and the record of its
/// accounts.</summary>
internal static class ReachEndpoints
{
    private const int MostNetworks = 100;
    private const int MaxReason = 500;
    private const int MostHours = 72;

    public static void MapReach(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder access = routes.MapGroup("/access");
        access.MapGet("/networks", async (HttpContext context, AllowedNetworks networks) => TypedResults.Ok(
            new { networks = await networks.ReadAsync(context.Tenant(), context.RequestAborted) }))
            .Needs(Permissions.ManageAccess, "network.list")
            .Gives(typeof(NetworksBody));
        access.MapPut("/networks", SetNetworksAsync).Needs(Permissions.ManageAccess, "network.set")
            .Takes(typeof(NetworksBody)).Gives(typeof(NetworksBody));
        access.MapGet("/support", async (HttpContext context, SupportGrants grants) => TypedResults.Ok(
            new { items = await grants.ListAsync(context.Tenant(), context.RequestAborted) }))
            .Needs(Permissions.ManageAccess, "support.list")
            .Gives(typeof(Listed<SupportGrant>));
        access.MapPost("/support", GrantAsync).Needs(Permissions.ManageAccess, "support.grant")
            .Takes(typeof(GrantBody));
        access.MapDelete("/support/{id:guid}", EndAsync).Needs(Permissions.ManageAccess, "support.end")
            .Gives(StatusCodes.Status204NoContent);
        access.MapGet("/events", ListEventsAsync).Needs(Permissions.ManageAccess, "account-event.list")
            .Asks("after", "limit").Gives(typeof(Page<AccountEvent>));
    }

    private static async Task<IResult> SetNetworksAsync(
        HttpContext context, AllowedNetworks networks, CallerAddress addresses, ApiOptions options)
    {
        (NetworksBody? body, IResult? problem) = await JsonBody.ReadAsync<NetworksBody>(context.Request, options);
        if (body is null) return problem!;
        if (body.Networks is null || body.Networks.Count > MostNetworks)
            return Problems.Invalid("networks", $"must be a list of at most {MostNetworks}");
        if (body.Networks.Any(n => Networks.Parse(n) is null))
            return Problems.Invalid("networks", "must be addresses or networks, such as 203.0.113.0/24");
        string[] wanted = [.. body.Networks.Select(n => n!)];
        // Not the installation's key: it comes in from anywhere that the tenant names or not.
        if (context.Caller().Kind != CallerKind.Installation && !Networks.Allow(wanted, addresses.Of(context)))
            return Problems.Refused("would_lock_out", "Your own address is not among them.");
        await networks.WriteAsync(context.Tenant(), wanted, context.RequestAborted);
        return TypedResults.Ok(new { networks = wanted });
    }

    private static async Task<IResult> GrantAsync(HttpContext context, SupportGrants grants, ApiOptions options)
    {
        (GrantBody? body, IResult? problem) = await JsonBody.ReadAsync<GrantBody>(context.Request, options);
        if (body is null) return problem!;
        if (TextInput.Fault(body.Reason, MaxReason) is { } reason) return Problems.Invalid("reason", reason);
        if (body.Hours is < 1 or > MostHours)
            return Problems.Invalid("hours", $"must be a number from 1 to {MostHours}");
        Guid id = await grants.GrantAsync(
            context.Tenant(), context.Caller().User, body.Reason!.Trim(), TimeSpan.FromHours(body.Hours),
            context.RequestAborted);
        RecordAccountEvent.Of(context, id);
        return TypedResults.Created((string?)null, new { id });
    }

    private static async Task<IResult> EndAsync(Guid id, HttpContext context, SupportGrants grants) =>
        await grants.EndAsync(context.Tenant(), id, context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.NotFound("support_grant_not_found", "There is no such grant.");

    private static async Task<IResult> ListEventsAsync(HttpContext context, ListAccountEvents list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<AccountEvent> rows = await list.RunAsync(
            context.Tenant(), after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(Page<AccountEvent>.Of(rows, limit, last => new Cursor(last.At, last.Id.ToString())));
    }

    private sealed record NetworksBody(IReadOnlyList<string?>? Networks);

    private sealed record GrantBody(string? Reason, int Hours);
}
