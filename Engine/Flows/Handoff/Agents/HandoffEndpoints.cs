using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Accounts.Access;
using Vellarys.Conversations.Ownership;
using Vellarys.Http;

namespace Vellarys.Flows.Handoff.Agents;

/// <summary>The queue for people, and what they do with it.</summary>
internal static class HandoffEndpoints
{
    public static void MapHandoffs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/handoffs", ListAsync).Needs(Permissions.ReadConversations, "handoff.list")
            .Asks("limit").Gives(typeof(Listed<WaitingRow>));
        RouteGroupBuilder one = routes.MapGroup("/conversations/{id:guid}");
        one.MapPost("/accept", AcceptAsync).Needs(Permissions.AnswerConversations, "handoff.accept")
            .Takes(typeof(AgentBody)).Gives(typeof(OwnerAnswer));
        one.MapPost("/decline", DeclineAsync).Needs(Permissions.AnswerConversations, "handoff.decline")
            .Takes(typeof(AgentBody)).Gives(StatusCodes.Status202Accepted);
        one.MapPost("/transfer", TransferAsync).Needs(Permissions.AnswerConversations, "handoff.transfer")
            .Takes(typeof(TransferBody)).Gives(StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListWaiting list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 100, 1, 500);
        if (query.Problem is { } problem) return problem;
        return TypedResults.Ok(new { items = await list.RunAsync(context.Tenant(), limit, context.RequestAborted) });
    }

    private static async Task<IResult> AcceptAsync(
        Guid id, HttpContext context, AcceptHandoff accept, MyAgent mine, ApiOptions options)
    {
        (AgentBody? body, IResult? problem) = await JsonBody.ReadAsync<AgentBody>(context.Request, options);
        if (body is null) return problem!;
        (Guid agent, problem) = await mine.ResolveAsync(context, body.AgentId);
        if (problem is not null) return problem;
        return await accept.RunAsync(context.Tenant(), new(id), agent, context.RequestAborted) switch
        {
            OwnerChange.Changed changed => TypedResults.Ok(new OwnerAnswer(changed.Status, changed.Epoch)),
            OwnerChange.Refused refused => Problems.Refused(refused.Code, refused.Reason),
            null => Problems.Invalid("agentId", "there is no such active agent"),
            _ => NotFound(),
        };
    }

    private static async Task<IResult> DeclineAsync(
        Guid id, HttpContext context, DeclineHandoff decline, MyAgent mine, ApiOptions options)
    {
        (AgentBody? body, IResult? problem) = await JsonBody.ReadAsync<AgentBody>(context.Request, options);
        if (body is null) return problem!;
        (Guid agent, problem) = await mine.ResolveAsync(context, body.AgentId);
        if (problem is not null) return problem;
        return await decline.RunAsync(context.Tenant(), new(id), agent, context.RequestAborted)
            ? TypedResults.Accepted((string?)null)
            : Problems.Refused("not_offered", "This conversation is not offered to this agent.");
    }

    private static async Task<IResult> TransferAsync(
        Guid id, HttpContext context, TransferHandoff transfer, ApiOptions options)
    {
        (TransferBody? body, IResult? problem) = await JsonBody.ReadAsync<TransferBody>(context.Request, options);
        if (body is null) return problem!;
        if (body.TeamId is null == body.AgentId is null)
            return Problems.Invalid("teamId", "give either teamId or agentId");
        return await transfer.RunAsync(
            context.Tenant(), new(id), body.TeamId, body.AgentId, context.RequestAborted) switch
        {
            TransferOutcome.Passed => TypedResults.Accepted((string?)null),
            TransferOutcome.NoReceiver => body.AgentId is null
                ? Problems.Invalid("teamId", "there is no such team")
                : Problems.Invalid("agentId", "there is no such active agent"),
            TransferOutcome.NobodyToTakeItFrom => Problems.Refused(
                "not_with_people", "Only a conversation that waits for a person or has one can be passed on."),
            _ => NotFound(),
        };
    }

    private static IResult NotFound() => Problems.NotFound("conversation_not_found", "There is no such conversation.");

    private sealed record AgentBody(Guid? AgentId);

    private sealed record TransferBody(Guid? TeamId, Guid? AgentId);
}
