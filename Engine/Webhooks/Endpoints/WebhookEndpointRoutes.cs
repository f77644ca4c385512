using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>
/// A tenant's own endpoints for our events. Not under <c>/webhooks</c>, where the providers call.
/// </summary>
internal static class WebhookEndpointRoutes
{
    public static void MapWebhookEndpoints(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/webhook-endpoints/{id:guid}");
        routes.MapGet("/webhook-endpoints", ListAsync).Needs(Permissions.ReadWebhooks, "webhook.list")
            .Asks("after", "limit").Gives(typeof(Page<EndpointRow>));
        routes.MapPost("/webhook-endpoints", CreateAsync).Needs(Permissions.ManageWebhooks, "webhook.create")
            .Takes(typeof(EndpointInput)).Gives(typeof(EndpointAnswer), StatusCodes.Status201Created).ShowsSecret();
        one.MapGet("", ReadAsync).Needs(Permissions.ReadWebhooks, "webhook.read")
            .Gives(typeof(EndpointRow));
        one.MapPut("", ReplaceAsync).Needs(Permissions.ManageWebhooks, "webhook.update")
            .Takes(typeof(EndpointInput)).Gives(typeof(EndpointRow));
        one.MapDelete("", DeleteAsync).Needs(Permissions.ManageWebhooks, "webhook.delete")
            .Gives(StatusCodes.Status204NoContent);
        one.MapPost("/secrets", RotateAsync).Needs(Permissions.ManageWebhooks, "webhook.rotate")
            .Takes(typeof(RotationBody)).ShowsSecret();
        one.MapPost("/test", TestAsync).Needs(Permissions.ManageWebhooks, "webhook.test");
        one.MapGet("/deliveries", DeliveriesAsync).Needs(Permissions.ReadWebhooks, "webhook.deliveries")
            .Asks("state", "after", "limit").Gives(typeof(Page<WebhookDeliveryRow>));
        one.MapPost("/replay", ReplayAsync).Needs(Permissions.ManageWebhooks, "webhook.replay")
            .Takes(typeof(ReplayBody)).Gives(StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListEndpoints list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<EndpointRow> rows = await list.RunAsync(
            context.Tenant(), after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(
            Page<EndpointRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListEndpoints list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is { } row
            ? TypedResults.Ok(row)
            : NotFound();

    private static async Task<IResult> CreateAsync(
        HttpContext context, CreateEndpoint create, ListEndpoints list, WebhookSecrets secrets, ApiOptions api,
        WebhookOptions options)
    {
        (EndpointInput? input, IResult? problem) = await ReadInputAsync(context, api, options);
        if (input is null) return problem!;
        if (!secrets.HasKey) return NoKey();
        if (await create.RunAsync(context.Tenant(), input, context.RequestAborted) is not (var id, var secret))
            return Problems.Refused("webhook_limit", $"A tenant has at most {options.MaxEndpoints} endpoints.");
        return TypedResults.Created((string?)null, new EndpointAnswer(
            await list.FindAsync(context.Tenant(), id, context.RequestAborted), secret));
    }

    private static async Task<IResult> ReplaceAsync(
        Guid id, HttpContext context, ReplaceEndpoint replace, ListEndpoints list, ApiOptions api,
        WebhookOptions options)
    {
        (EndpointInput? input, IResult? problem) = await ReadInputAsync(context, api, options);
        if (input is null) return problem!;
        return await replace.RunAsync(context.Tenant(), id, input, context.RequestAborted)
            ? await ReadAsync(id, context, list)
            : NotFound();
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, DeleteEndpoint delete) =>
        await delete.RunAsync(context.Tenant(), id, context.RequestAborted) ? TypedResults.NoContent() : NotFound();

    private static async Task<IResult> RotateAsync(
        Guid id, HttpContext context, RotateSecret rotate, WebhookSecrets secrets, ApiOptions api)
    {
        const int Day = 24;
        (RotationBody? body, IResult? problem) = await JsonBody.ReadAsync<RotationBody>(context.Request, api);
        if (body is null) return problem!;
        int hours = body.OverlapHours ?? Day;
        if (hours is < 0 or > 7 * Day) return Problems.Invalid("overlapHours", "must be a number from 0 to 168");
        if (!secrets.HasKey) return NoKey();
        return await rotate.RunAsync(
            context.Tenant(), id, TimeSpan.FromHours(hours), body.Force ?? false, context.RequestAborted) switch
        {
            SecretChange.Done done => TypedResults.Ok(new { done.Secret, done.PreviousUntil }),
            SecretChange.UnderWay => Problems.Refused(
                "rotation_under_way", "Two secrets are live; one more would void the one the receiver may still use."),
            _ => NotFound(),
        };
    }

    private static async Task<IResult> TestAsync(Guid id, HttpContext context, TestEndpoint test) =>
        await test.RunAsync(context.Tenant(), id, context.RequestAborted) is { } outcome
            ? TypedResults.Ok(new { taken = outcome.IsTaken, outcome.Status, outcome.Reason, outcome.DurationMs })
            : NotFound();

    private static async Task<IResult> DeliveriesAsync(
        Guid id, HttpContext context, ListEndpoints endpoints, ListWebhookDeliveries list)
    {
        var query = new QueryInput(context.Request);
        string[]? states = query.Choices("state", ListWebhookDeliveries.States);
        int limit = query.Number("limit", 50, 1, 200);
        (_, Guid? after) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<WebhookDeliveryRow> rows = await list.RunAsync(
            context.Tenant(), id, states, after, limit + 1, context.RequestAborted);
        if (rows.Count == 0 && await endpoints.FindAsync(context.Tenant(), id, context.RequestAborted) is null)
            return NotFound();
        return TypedResults.Ok(Page<WebhookDeliveryRow>.Of(
            rows, limit, last => new Cursor(last.CreatedAt, last.EventId.ToString())));
    }

    private static async Task<IResult> ReplayAsync(
        Guid id, HttpContext context, ReplayEvents replay, ApiOptions api)
    {
        (ReplayBody? body, IResult? problem) = await JsonBody.ReadAsync<ReplayBody>(context.Request, api);
        if (body is null) return problem!;
        if (body.EventId is null == body.Since is null)
            return Problems.Invalid("eventId", "name either an event or a time in since");
        if (body is { After: not null, Since: null }) return Problems.Invalid("after", "goes with a time in since");
        return await replay.RunAsync(
            context.Tenant(), id, body.EventId, body.Since?.ToUniversalTime(), body.After,
            body.Delivered ?? false, context.RequestAborted) switch
        {
            ReplayOutcome.Done done => TypedResults.Accepted((string?)null, new { done.Queued, done.Next }),
            ReplayOutcome.Disabled => Problems.Refused("webhook_disabled", "The endpoint must be active first."),
            ReplayOutcome.NoSuchEvent => Problems.NotFound(
                "webhook_event_not_found", "There is no such event that the endpoint subscribes to."),
            _ => NotFound(),
        };
    }

    private static async Task<(EndpointInput? Input, IResult? Problem)> ReadInputAsync(
        HttpContext context, ApiOptions api, WebhookOptions options)
    {
        (EndpointInput? input, IResult? problem) = await JsonBody.ReadAsync<EndpointInput>(context.Request, api);
        if (input is null) return (null, problem);
        return input.Fault(options.AllowLocal) is { } fault
            ? (null, Problems.Invalid(fault.Field, fault.Reason))
            : (input, null);
    }

    private static IResult NoKey() => Problems.Refused(
        "no_master_key",
        "Secrets would be stored in plain: give the installation a master key (Encryption:KeyFile) first.");

    private static IResult NotFound() => Problems.NotFound("webhook_not_found", "There is no such endpoint.");

    private sealed record EndpointAnswer(EndpointRow? Endpoint, string Secret);

    private sealed record RotationBody(int? OverlapHours, bool? Force);

    private sealed record ReplayBody(Guid? EventId, DateTimeOffset? Since, Guid? After, bool? Delivered);
}
