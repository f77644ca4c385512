using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Accounts.Prompts;

/// <summary>What the assistant is told about the company, version by version; any of them can be put back.</summary>
internal static class PromptEndpoints
{
    public static void MapPrompts(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder prompts = routes.MapGroup("/prompts");
        prompts.MapGet("", ListAsync).Needs(Permissions.ReadSettings, "prompt.list")
            .Asks("before", "limit");
        prompts.MapPost("", CreateAsync).Needs(Permissions.ManageSettings, "prompt.create")
            .Takes(typeof(PromptInput)).Gives(typeof(PromptRow), StatusCodes.Status201Created);
        prompts.MapGet("/{version:int}", ReadAsync).Needs(Permissions.ReadSettings, "prompt.read")
            .Gives(typeof(PromptRow));
        prompts.MapPost("/{version:int}/activate", ActivateAsync).Needs(Permissions.ManageSettings, "prompt.activate")
            .Gives(typeof(PromptRow));
    }

    private static async Task<IResult> ListAsync(HttpContext context, PromptStore store)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        int before = query.Number("before", int.MaxValue, 1, int.MaxValue);
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<PromptRow> rows = await store.ListAsync(
            context.Tenant(), version: null, before, limit + 1, context.RequestAborted);
        int? next = rows.Count > limit ? rows[limit - 1].Version : null;
        return TypedResults.Ok(new { items = rows.Take(limit), next });
    }

    private static async Task<IResult> ReadAsync(int version, HttpContext context, PromptStore store) =>
        await FindAsync(version, context, store) is { } row ? TypedResults.Ok(row) : NotFound();

    private static async Task<IResult> CreateAsync(HttpContext context, PromptStore store, ApiOptions options)
    {
        (PromptInput? input, IResult? problem) = await JsonBody.ReadAsync<PromptInput>(context.Request, options);
        if (input is null) return problem!;
        if (Problems.Invalid(input.Faults()) is { } invalid) return invalid;
        int version = await store.AddAsync(context.Tenant(), input, context.RequestAborted);
        return TypedResults.Created($"/api/v1/prompts/{version}", await FindAsync(version, context, store));
    }

    private static async Task<IResult> ActivateAsync(int version, HttpContext context, PromptStore store) =>
        await store.ActivateAsync(context.Tenant(), version, context.RequestAborted)
            ? TypedResults.Ok(await FindAsync(version, context, store))
            : NotFound();

    private static async Task<PromptRow?> FindAsync(int version, HttpContext context, PromptStore store) =>
        (await store.ListAsync(context.Tenant(), version, int.MaxValue, 1, context.RequestAborted)).SingleOrDefault();

    private static IResult NotFound() => Problems.NotFound("prompt_not_found", "There is no such version.");
}
