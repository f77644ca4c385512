using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Conversations.Contacts;
using Vellarys.Conversations.Ownership;
using Vellarys.Http;

namespace Vellarys.Conversations.Inbox;

/// <summary>Reading and steering conversations over HTTP.</summary>
internal static class ConversationEndpoints
{
    private static readonly string[] Answering = ["phone", "staff"];

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/conversations/{id:guid}");
        routes.MapGet("/conversations", ListAsync).Needs(Permissions.ReadConversations, "conversation.list")
            .Asks(
                "status", "phone", "unanswered", "answeredBy", "contact", "agent", "team", "channel", "after", "limit")
            .Gives(typeof(Page<ConversationRow>));
        one.MapGet("", ReadAsync).Needs(Permissions.ReadConversations, "conversation.read")
            .Gives(typeof(ConversationDetail));
        one.MapGet("/messages", ReadMessagesAsync).Needs(Permissions.ReadConversations, "message.list")
            .Asks("before", "limit").Gives(typeof(Page<MessageRow>));
        one.MapPost("/replies", ReplyAsync).Needs(Permissions.AnswerConversations, "message.send")
            .Takes(typeof(ReplyBody)).Gives(typeof(ReplyAnswer), StatusCodes.Status202Accepted);
        one.MapPost("/takeover", async (Guid id, HttpContext context, TakeOver takeOver) =>
            Answer(await takeOver.RunAsync(context.Tenant(), new(id), userId: null, context.RequestAborted)))
            .Needs(Permissions.AnswerConversations, "conversation.take-over")
            .Gives(typeof(OwnerAnswer));
        one.MapPost("/give-back", async (Guid id, HttpContext context, GiveBack giveBack) =>
            Answer(await giveBack.RunAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.AnswerConversations, "conversation.give-back")
            .Gives(typeof(OwnerAnswer));
        one.MapPost("/close", async (Guid id, HttpContext context, CloseConversation close) =>
            Answer(await close.RunAsync(context.Tenant(), new(id), context.RequestAborted)))
            .Needs(Permissions.AnswerConversations, "conversation.close")
            .Gives(typeof(OwnerAnswer));
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListConversations list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? at, Guid? id) = query.After("after");
        // One row more than asked for tells whether there is a next page.
        var filter = new ConversationFilter(
            query.Choices("status", ConversationFilter.AllStatuses), PhoneInput.Read(query, "phone"), at, id,
            limit + 1, query.Flag("unanswered"), query.Choice("answeredBy", Answering))
        {
            Contact = query.Id("contact"),
            Agent = query.Id("agent"),
            Team = query.Id("team"),
            Channel = query.Id("channel"),
        };
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<ConversationRow> rows = await list.RunAsync(context.Tenant(), filter, context.RequestAborted);
        return TypedResults.Ok(Page<ConversationRow>.Of(
            rows, limit, last => new Cursor(last.LastMessageAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ReadConversation read) =>
        await read.RunAsync(context.Tenant(), new(id), context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> ReadMessagesAsync(
        Guid id, HttpContext context, ReadConversation conversation, ReadMessages read)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        Cursor? before = query.Place("before");
        long seq = 0;
        if (before is { } place && !long.TryParse(place.Key, NumberStyles.None, CultureInfo.InvariantCulture, out seq))
        {
            query.Refuse("before", Cursor.Fault);
        }

        if (query.Problem is { } problem) return problem;

        IReadOnlyList<MessageRow> rows = await read.RunAsync(
            context.Tenant(), new(id), before?.At, before is null ? null : seq, limit + 1, context.RequestAborted);
        // Every conversation has a message, so only an empty answer asks whether there is a conversation.
        if (rows.Count == 0 && await conversation.RunAsync(context.Tenant(), new(id), context.RequestAborted) is null)
        {
            return NotFound();
        }

        return TypedResults.Ok(Page<MessageRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.Seq.ToString(CultureInfo.InvariantCulture))));
    }

    private static async Task<IResult> ReplyAsync(Guid id, HttpContext context, ReplyAsStaff reply, ApiOptions options)
    {
        (ReplyBody? body, IResult? problem) = await JsonBody.ReadAsync<ReplyBody>(context.Request, options);
        if (body is null) return problem!;
        if (Problems.Invalid(body.Faults()) is { } faults) return faults;

        return await reply.RunAsync(
            context.Tenant(), new(id), body.Text ?? "", context.RequestAborted, body.Content()) switch
        {
            StaffReply.Queued queued => TypedResults.Accepted(
                (string?)null, new ReplyAnswer(queued.Id.Value)),
            StaffReply.Refused refused => Problems.Refused(refused.Code, refused.Reason),
            _ => NotFound(),
        };
    }

    private static IResult Answer(OwnerChange change) => change switch
    {
        OwnerChange.Changed changed => TypedResults.Ok(new OwnerAnswer(changed.Status, changed.Epoch)),
        OwnerChange.Refused refused => Problems.Refused(refused.Code, refused.Reason),
        _ => NotFound(),
    };

    private static IResult NotFound() => Problems.NotFound("conversation_not_found", "There is no such conversation.");

    private sealed record ReplyAnswer(Guid MessageId);
}
