using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.Templates;
using Vellarys.Http;

namespace Vellarys.Flows.Scheduled;

/// <summary>Messages for later over HTTP.</summary>
internal static class ScheduledEndpoints
{
    private const int MaxText = 4_096;
    private const int MostDays = 366;

    private static readonly string[] Statuses =
        ["scheduled", "queued", "unknown", "sent", "delivered", "read", "failed", "skipped", "cancelled"];

    public static void MapScheduled(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/scheduled-messages/{id:guid}");
        routes.MapGet("/scheduled-messages", ListAsync).Needs(Permissions.ReadConversations, "scheduled.list")
            .Asks("status", "after", "limit").Gives(typeof(Page<ScheduledRow>));
        routes.MapPost("/scheduled-messages", AddAsync).Needs(Permissions.AnswerConversations, "scheduled.create")
            .Takes(typeof(ScheduledBody)).Gives(typeof(ScheduledRow), StatusCodes.Status201Created);
        one.MapGet("", ReadAsync).Needs(Permissions.ReadConversations, "scheduled.read").Gives(typeof(ScheduledRow));
        one.MapDelete("", CancelAsync).Needs(Permissions.AnswerConversations, "scheduled.cancel")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ScheduledMessages messages)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        string? status = query.Choice("status", Statuses);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<ScheduledRow> rows = await messages.ListAsync(
            context.Tenant(), status, after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(
            Page<ScheduledRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ScheduledMessages messages) =>
        await messages.FindAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> AddAsync(
        HttpContext context, ScheduledMessages messages, ITenantDirectory tenants, ApiOptions options,
        TimeProvider time)
    {
        (ScheduledBody? body, IResult? problem) = await JsonBody.ReadAsync<ScheduledBody>(context.Request, options);
        if (body is null) return problem!;
        Tenant? tenant = await tenants.FindAsync(context.Tenant(), context.RequestAborted);
        TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(tenant?.TimeZone ?? "UTC", out TimeZoneInfo? found)
            ? found
            : TimeZoneInfo.Utc;
        DateTimeOffset? at = body.SendAt is { Length: <= 40 } text ? LocalTime.Read(text, zone) : null;
        if (Problems.Invalid(Faults(body, at, time.GetUtcNow())) is { } invalid) return invalid;
        TemplateMessage? template = body.Template is { } t
            ? new TemplateMessage(t.Name!, t.Language ?? "pt_BR", t.Parameters ?? [])
            : null;
        (Guid id, string? field, string? reason) = await messages.AddAsync(
            context.Tenant(),
            new NewScheduled(body.ChannelId, body.ContactId!.Value, body.Text ?? template!.Name, template, at!.Value),
            context.RequestAborted);
        if (field is not null) return Problems.Invalid(field, reason!);
        return TypedResults.Created(
            $"/api/v1/scheduled-messages/{id}",
            await messages.FindAsync(context.Tenant(), id, context.RequestAborted));
    }

    private static async Task<IResult> CancelAsync(Guid id, HttpContext context, ScheduledMessages messages) =>
        await messages.CancelAsync(context.Tenant(), id, context.RequestAborted) switch
        {
            true => TypedResults.NoContent(),
            false => Problems.Refused("already_sent", "It is on its way, or over."),
            null => NotFound(),
        };

    private static IEnumerable<FieldFault> Faults(ScheduledBody body, DateTimeOffset? at, DateTimeOffset now)
    {
        if (body.ContactId is null) yield return new FieldFault("contactId", "is required");
        if (body.Text is null && body.Template is null)
            yield return new FieldFault("text", "is required, or template instead of it");
        if (body.Text is not null && TextInput.Fault(body.Text, MaxText) is { } text)
            yield return new FieldFault("text", text);
        if (at is null)
        {
            yield return new FieldFault(
                "sendAt", "must be a time in ISO 8601: with an offset, or by the tenant's own clock without one");
        }
        else if (at <= now)
            yield return new FieldFault("sendAt", "must lie ahead");
        else if (at > now.AddDays(MostDays))
            yield return new FieldFault("sendAt", $"must lie within {MostDays} days");
        if (body.Template is not { } template) yield break;
        if (TextInput.Fault(template.Name, 512) is { } name) yield return new FieldFault("template.name", name);
        if (template.Language is not null && TextInput.Fault(template.Language, 20) is { } language)
            yield return new FieldFault("template.language", language);
        if (template.Parameters is { Count: > 20 })
            yield return new FieldFault("template.parameters", "must be at most 20");
        foreach (string? parameter in template.Parameters ?? [])
            if (TemplateText.Fault(parameter) is { } fault) yield return new FieldFault("template.parameters", fault);
    }

    private static IResult NotFound() =>
        Problems.NotFound("scheduled_message_not_found", "There is no such scheduled message.");

    /// <param name="SendAt">
    /// With an offset, or without one by the tenant's own clock: what that skips is when it jumps, what it shows twice
    /// is the first of the two.
    /// </param>
    /// <param name="Text">What is sent; with a template, what stands in the history.</param>
    private sealed record ScheduledBody(
        Guid? ContactId, Guid? ChannelId, string? Text, TemplateBody? Template, string? SendAt);

    private sealed record TemplateBody(string? Name, string? Language, IReadOnlyList<string>? Parameters);
}
