using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Teams;

/// <summary>Who answers customers, whether they are there, and what they were told.</summary>
internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/agents/{id:guid}");
        routes.MapGet("/agents", ListAsync).Needs(Permissions.ReadTeams, "agent.list")
            .Asks("presence", "active", "team", "after", "limit").Gives(typeof(Page<AgentRow>));
        routes.MapPost("/agents", CreateAsync).Needs(Permissions.ManageTeams, "agent.create")
            .Takes(typeof(AgentInput)).Gives(typeof(AgentRow), StatusCodes.Status201Created);
        one.MapGet("", ReadAsync).Needs(Permissions.ReadTeams, "agent.read")
            .Gives(typeof(AgentRow));
        one.MapPut("", UpdateAsync).Needs(Permissions.ManageTeams, "agent.update")
            .Takes(typeof(AgentInput)).Gives(typeof(AgentRow));
        one.MapPut("/presence", SetPresenceAsync).Needs(Permissions.BeAvailable, "agent.set-presence")
            .Takes(typeof(PresenceBody)).Gives(typeof(PresenceBody));
        one.MapGet("/notifications", ListNotificationsAsync).Needs(Permissions.BeAvailable, "notification.list")
            .Asks("unread", "after", "limit").Gives(typeof(Page<NotificationRow>));
        one.MapPost("/notifications/{notification:guid}/read", MarkReadAsync)
            .Needs(Permissions.BeAvailable, "notification.mark-read")
            .Gives(StatusCodes.Status204NoContent);
    }

    public static IResult NotFound() => Problems.NotFound("agent_not_found", "There is no such agent.");

    private static async Task<IResult> ListAsync(HttpContext context, ListAgents list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? after, Guid? afterId) = query.After("after");
        var filter = new AgentFilter
        {
            Presences = query.Choices("presence", AgentInput.Presences),
            Active = query.Flag("active"),
            Team = query.Id("team"),
            AfterAt = after,
            AfterId = afterId,
            Rows = limit + 1,
        };
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<AgentRow> rows = await list.RunAsync(context.Tenant(), filter, context.RequestAborted);
        return TypedResults.Ok(Page<AgentRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListAgents list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> CreateAsync(
        HttpContext context, CreateAgent create, ListAgents list, ApiOptions options)
    {
        (AgentInput? input, IResult? problem) = await ReadInputAsync(context, options);
        if (input is null) return problem!;
        Guid id = await create.RunAsync(context.Tenant(), input, context.RequestAborted);
        AgentRow? created = await list.FindAsync(context.Tenant(), id, context.RequestAborted);
        return TypedResults.Created($"/api/v1/agents/{id}", created);
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpContext context, UpdateAgent update, ListAgents list, ApiOptions options)
    {
        (AgentInput? input, IResult? problem) = await ReadInputAsync(context, options);
        if (input is null) return problem!;
        return await update.RunAsync(context.Tenant(), id, input, context.RequestAborted)
            ? await ReadAsync(id, context, list)
            : NotFound();
    }

    private static async Task<IResult> SetPresenceAsync(
        Guid id, HttpContext context, SetPresence setPresence, MyAgent mine, ApiOptions options)
    {
        if ((await mine.ResolveAsync(context, id)).Problem is { } notMine) return notMine;
        (PresenceBody? body, IResult? problem) = await JsonBody.ReadAsync<PresenceBody>(context.Request, options);
        if (body is null) return problem!;
        if (!AgentInput.Presences.Contains(body.Presence))
            return Problems.Invalid("presence", $"must be among {string.Join(", ", AgentInput.Presences)}");
        return await setPresence.RunAsync(context.Tenant(), id, body.Presence!, context.RequestAborted) switch
        {
            true => TypedResults.Ok(new PresenceBody(body.Presence)),
            false => Problems.Refused("agent_inactive", "Activate the agent first."),
            null => NotFound(),
        };
    }

    private static async Task<IResult> ListNotificationsAsync(
        Guid id, HttpContext context, ListNotifications list, ListAgents agents, MyAgent mine)
    {
        if ((await mine.ResolveAsync(context, id)).Problem is { } notMine) return notMine;
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        bool? unread = query.Flag("unread");
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<NotificationRow> rows = await list.RunAsync(
            context.Tenant(), id, unread, after, afterId, limit + 1, context.RequestAborted);
        if (rows.Count == 0 && await agents.FindAsync(context.Tenant(), id, context.RequestAborted) is null)
            return NotFound();
        return TypedResults.Ok(Page<NotificationRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> MarkReadAsync(
        Guid id, Guid notification, HttpContext context, MarkNotificationRead mark, MyAgent mine)
    {
        if ((await mine.ResolveAsync(context, id)).Problem is { } notMine) return notMine;
        return await mark.RunAsync(context.Tenant(), id, notification, context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.NotFound("notification_not_found", "The agent was told no such thing.");
    }

    private static async Task<(AgentInput? Input, IResult? Problem)> ReadInputAsync(
        HttpContext context, ApiOptions options)
    {
        (AgentInput? input, IResult? problem) = await JsonBody.ReadAsync<AgentInput>(context.Request, options);
        return input?.Fault() is { } fault ? (null, Problems.Invalid(fault.Field, fault.Reason)) : (input, problem);
    }

    private sealed record PresenceBody(string? Presence);
}
