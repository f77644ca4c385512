using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Channels.Templates;

/// <summary>Templates over HTTP.</summary>
internal static class TemplateEndpoints
{
    private static readonly string[] Statuses = ["draft", "pending", "approved", "rejected", "paused", "disabled"];

    public static void MapTemplates(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/templates", ListAsync).Needs(Permissions.ReadTemplates, "template.list")
            .Asks("channelId", "status", "after", "limit").Gives(typeof(Page<TemplateRow>));
        routes.MapPost("/templates", CreateAsync).Needs(Permissions.ManageTemplates, "template.create")
            .Takes(typeof(TemplateInput)).Gives(typeof(TemplateRow), StatusCodes.Status201Created);
        routes.MapPost("/templates/sync", SyncAsync).Needs(Permissions.ManageTemplates, "template.sync")
            .Takes(typeof(SyncBody)).Gives(StatusCodes.Status204NoContent);
        routes.MapGet("/templates/{id:guid}", ReadAsync).Needs(Permissions.ReadTemplates, "template.read")
            .Gives(typeof(TemplateRow));
        routes.MapPut("/templates/{id:guid}", ChangeAsync).Needs(Permissions.ManageTemplates, "template.update")
            .Takes(typeof(TemplateInput)).Gives(typeof(TemplateRow));
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListTemplates list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        Guid? channel = query.Id("channelId");
        string? status = query.Choice("status", Statuses);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<TemplateRow> rows = await list.RunAsync(
            context.Tenant(), channel, status, after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(
            Page<TemplateRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListTemplates list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static Task<IResult> CreateAsync(
        HttpContext context, SaveTemplate save, ListTemplates list, ApiOptions options) =>
        SaveAsync(null, context, save, list, options);

    private static Task<IResult> ChangeAsync(
        Guid id, HttpContext context, SaveTemplate save, ListTemplates list, ApiOptions options) =>
        SaveAsync(id, context, save, list, options);

    private static async Task<IResult> SaveAsync(
        Guid? id, HttpContext context, SaveTemplate save, ListTemplates list, ApiOptions options)
    {
        (TemplateInput? input, IResult? problem) = await JsonBody.ReadAsync<TemplateInput>(context.Request, options);
        if (input is null) return problem!;
        if (id is { } known && await list.FindAsync(context.Tenant(), known, context.RequestAborted) is { } stored)
            input = input with { Name = stored.Name, Language = stored.Language };
        if (Problems.Invalid(input.Faults()) is { } invalid) return invalid;
        switch (await save.RunAsync(context.Tenant(), id, input, context.RequestAborted))
        {
            case TemplateSaved.Done done:
                TemplateRow? row = await list.FindAsync(context.Tenant(), done.Id, context.RequestAborted);
                return id is null ? TypedResults.Created($"/api/v1/templates/{done.Id}", row) : TypedResults.Ok(row);
            case TemplateSaved.Invalid wrong:
                return Problems.Invalid(wrong.Field, wrong.Reason);
            case TemplateSaved.Refused refused:
                return Problems.Refused("provider_refused", $"The provider did not take it ({refused.Code}).");
            case TemplateSaved.Taken:
                return Problems.Refused("template_taken", "The number has a template of this name and language.");
            default:
                return NotFound();
        }
    }

    private static async Task<IResult> SyncAsync(HttpContext context, SyncTemplates sync, ApiOptions options)
    {
        (SyncBody? body, IResult? problem) = await JsonBody.ReadAsync<SyncBody>(context.Request, options);
        if (body is null) return problem!;
        if (body.ChannelId is not { } channel) return Problems.Invalid("channelId", "is required");
        if (body.WabaId is not { Length: >= 5 and <= 30 } account || !account.All(char.IsAsciiDigit))
            return Problems.Invalid("wabaId", "must be the id of the WhatsApp business account, 5 to 30 digits");
        return await sync.RunAsync(context.Tenant(), new(channel), account, context.RequestAborted) switch
        {
            null => TypedResults.NoContent(),
            "no_channel" => Problems.Invalid("channelId", "is no channel"),
            var code => Problems.Refused("provider_refused", $"The provider did not list them ({code})."),
        };
    }

    private static IResult NotFound() => Problems.NotFound("template_not_found", "There is no such template.");

    /// <param name="WabaId">The WhatsApp business account that the number belongs to; kept with the channel.</param>
    private sealed record SyncBody(Guid? ChannelId, string? WabaId);
}
