using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Messaging.Admin;

/// <summary>
/// The operator's view of the queues and of what was given up there. Of the platform, not of a tenant: whoever holds
/// the installation's key may use them.
/// </summary>
internal static class QueueEndpoints
{
    public static void MapQueues(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder operations = routes.MapGroup("/operations");
        operations.MapGet("/queues", CountsAsync).Needs(Permissions.OperatePlatform, "queue.list");
        operations.MapPost("/queues/{queue}/redrive", RedriveAllAsync)
            .Needs(Permissions.OperatePlatform, "queue.redrive");
        operations.MapGet("/dead-letters", ListAsync).Needs(Permissions.OperatePlatform, "dead-letter.list")
            .Asks("queue", "subject", "after", "limit").Gives(typeof(Page<DeadLetterBody>));
        operations.MapGet("/dead-letters/{id:guid}", ReadAsync).Needs(Permissions.OperatePlatform, "dead-letter.read")
            .Gives(typeof(DeadLetterBody));
        operations.MapPost("/dead-letters/{id:guid}/redrive", RedriveAsync)
            .Needs(Permissions.OperatePlatform, "dead-letter.redrive");
        operations.MapDelete("/dead-letters/{id:guid}", PurgeAsync)
            .Needs(Permissions.OperatePlatform, "dead-letter.purge")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> CountsAsync(HttpContext context, QueueStats stats)
    {
        IReadOnlyList<QueueCounts> counts = await stats.RunAsync(context.RequestAborted);
        return TypedResults.Ok(new
        {
            items = counts.Select(c => new
            {
                c.Queue,
                c.Waiting,
                c.Active,
                c.Delayed,
                c.Completed,
                c.Failed,
                oldestWaitingMs = (long?)c.OldestWaiting?.TotalMilliseconds,
                oldestWaitingKnown = c.IsOldestKnown,
            }),
        });
    }

    private static async Task<IResult> ListAsync(HttpContext context, DeadLetters letters)
    {
        var query = new QueryInput(context.Request);
        string[]? queue = query.Choices("queue", Queues.All);
        if (queue is { Length: > 1 }) query.Refuse("queue", "must be one queue");
        string? subject = query.Text("subject", 512);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? at, Guid? id) = query.After("after");
        if (query.Problem is { } problem) return problem;

        DeadLetterCursor? from = id is { } last ? new(new DateTimeOffset(at!.Value), last) : null;
        IReadOnlyList<DeadLetter> rows = await letters.ListAsync(
            queue?[0], subject, from, limit + 1, context.RequestAborted);
        var page = Page<DeadLetter>.Of(rows, limit, l => new Cursor(l.DiedAt.UtcDateTime, l.Id.ToString()));
        return TypedResults.Ok(new { items = page.Items.Select(l => DeadLetterBody.Of(l)), page.Next });
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, DeadLetters letters) =>
        await letters.GetAsync(id, context.RequestAborted) is { } letter
            ? TypedResults.Ok(DeadLetterBody.Of(letter) with { Body = letter.Body })
            : NotFound();

    private static async Task<IResult> RedriveAsync(Guid id, HttpContext context, DeadLetters letters) =>
        await letters.RedriveAsync(id, context.RequestAborted) ? TypedResults.Ok(new { redriven = 1 }) : NotFound();

    private static async Task<IResult> RedriveAllAsync(string queue, HttpContext context, DeadLetters letters) =>
        Queues.All.Contains(queue)
            ? TypedResults.Ok(new { redriven = await letters.RedriveAllAsync(queue, context.RequestAborted) })
            : Problems.NotFound("queue_not_found", "There is no such queue.");

    private static async Task<IResult> PurgeAsync(Guid id, HttpContext context, DeadLetters letters) =>
        await letters.PurgeAsync(id, context.RequestAborted) ? TypedResults.NoContent() : NotFound();

    private static IResult NotFound() => Problems.NotFound("dead_letter_not_found", "There is no such dead letter.");

    /// <param name="Body">Personal data: only where one letter is asked for, never in a list.</param>
    private sealed record DeadLetterBody(
        Guid Id, string Queue, int Attempts, Guid? TenantId, string? Subject, string Code, string Reason,
        JsonElement History, DateTimeOffset EnqueuedAt, DateTimeOffset DiedAt, string? Body = null)
    {
        public static DeadLetterBody Of(DeadLetter letter) => new(
            letter.Id, letter.Queue, letter.Attempts, letter.Tenant?.Value, letter.Subject, letter.Code, letter.Reason,
            JsonElement.Parse(letter.History), letter.EnqueuedAt, letter.DiedAt);
    }
}
