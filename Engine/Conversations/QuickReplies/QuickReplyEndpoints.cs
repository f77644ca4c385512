using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Conversations.QuickReplies;

/// <summary>Quick replies over HTTP.</summary>
internal static class QuickReplyEndpoints
{
    private const int MaxShortcut = 50;
    private const int MaxText = 4_096;

    public static void MapQuickReplies(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/quick-replies", ListAsync).Needs(Permissions.ReadConversations, "quick-reply.list")
            .Asks("after", "limit").Gives(typeof(Page<QuickReplyRow>));
        routes.MapPost("/quick-replies", AddAsync).Needs(Permissions.AnswerConversations, "quick-reply.create")
            .Takes(typeof(QuickReplyBody)).Gives(typeof(QuickReplyRow), StatusCodes.Status201Created);
        RouteGroupBuilder one = routes.MapGroup("/quick-replies/{id:guid}");
        one.MapPut("", ChangeAsync).Needs(Permissions.AnswerConversations, "quick-reply.update")
            .Takes(typeof(QuickReplyBody)).Gives(typeof(QuickReplyRow));
        one.MapDelete("", DeleteAsync).Needs(Permissions.AnswerConversations, "quick-reply.delete")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, QuickReplyStore replies)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        string? after = query.Place("after")?.Key;
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<QuickReplyRow> rows = await replies.ListAsync(
            context.Tenant(), after, limit + 1, context.RequestAborted);
        return TypedResults.Ok(Page<QuickReplyRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Shortcut)));
    }

    private static async Task<IResult> AddAsync(HttpContext context, QuickReplyStore replies, ApiOptions options)
    {
        (QuickReplyBody? body, IResult? problem) = await ReadAsync(context, options);
        if (body is null) return problem!;
        if (await replies.AddAsync(context.Tenant(), body.Shortcut!, body.Text!, context.RequestAborted) is not { } id)
            return Taken();
        return TypedResults.Created(
            $"/api/v1/quick-replies/{id}", await replies.FindAsync(context.Tenant(), id, context.RequestAborted));
    }

    private static async Task<IResult> ChangeAsync(
        Guid id, HttpContext context, QuickReplyStore replies, ApiOptions options)
    {
        (QuickReplyBody? body, IResult? problem) = await ReadAsync(context, options);
        if (body is null) return problem!;
        bool changed = await replies.ChangeAsync(
            context.Tenant(), id, body.Shortcut!, body.Text!, context.RequestAborted);
        if (await replies.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } row) return NotFound();
        return changed ? TypedResults.Ok(row) : Taken();
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, QuickReplyStore replies) =>
        await replies.DeleteAsync(context.Tenant(), id, context.RequestAborted)
            ? TypedResults.NoContent()
            : NotFound();

    private static async Task<(QuickReplyBody? Body, IResult? Problem)> ReadAsync(
        HttpContext context, ApiOptions options)
    {
        (QuickReplyBody? body, IResult? problem) = await JsonBody.ReadAsync<QuickReplyBody>(context.Request, options);
        if (body is null) return (null, problem);
        List<FieldFault> faults = [];
        string? shortcut = body.Shortcut?.Trim().TrimStart('/').ToLowerInvariant();
        if (TextInput.Fault(shortcut, MaxShortcut) is { } fault) faults.Add(new FieldFault("shortcut", fault));
        else if (!shortcut!.All(c => char.IsLetterOrDigit(c) || c is '-' or '_'))
            faults.Add(new FieldFault("shortcut", "must have letters, digits, - and _ only"));
        if (TextInput.Fault(body.Text, MaxText) is { } text) faults.Add(new FieldFault("text", text));
        return Problems.Invalid(faults) is { } invalid ? (null, invalid) : (body with { Shortcut = shortcut }, null);
    }

    private static IResult Taken() => Problems.Refused("shortcut_taken", "Another quick reply has this shortcut.");

    private static IResult NotFound() => Problems.NotFound("quick_reply_not_found", "There is no such quick reply.");

    private sealed record QuickReplyBody(string? Shortcut, string? Text);
}
