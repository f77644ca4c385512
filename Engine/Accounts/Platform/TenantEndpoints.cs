using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>The tenants, as those see them who run the platform.</summary>
internal static class TenantEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder tenants = routes.MapGroup("/tenants");
        tenants.MapGet("", ListAsync).Needs(Permissions.ManageTenants, "tenant.list")
            .Asks("after", "limit").Gives(typeof(Page<TenantRow>));
        tenants.MapPost("", CreateAsync).Needs(Permissions.ManageTenants, "tenant.create")
            .Takes(typeof(TenantInput)).Gives(typeof(TenantRow), StatusCodes.Status201Created);
        tenants.MapGet("/{id:guid}", ReadAsync).Needs(Permissions.ManageTenants, "tenant.read")
            .Gives(typeof(TenantRow));
        tenants.MapPut("/{id:guid}", ChangeAsync).Needs(Permissions.ManageTenants, "tenant.update")
            .Takes(typeof(TenantInput)).Gives(typeof(TenantRow));
        tenants.MapPost("/{id:guid}/suspend", SuspendAsync).Needs(Permissions.ManageTenants, "tenant.suspend")
            .Gives(typeof(TenantRow));
        tenants.MapPost("/{id:guid}/resume", ResumeAsync).Needs(Permissions.ManageTenants, "tenant.resume")
            .Gives(typeof(TenantRow));
    }

    private static async Task<IResult> ListAsync(HttpContext context, TenantStore store)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        Guid? after = query.Id("after");
        if (query.Problem is { } problem) return problem;
        IReadOnlyList<TenantRow> rows = await store.ListAsync(null, after, limit + 1, context.RequestAborted);
        Guid? next = rows.Count > limit ? rows[limit - 1].Id : null;
        return TypedResults.Ok(new { items = rows.Take(limit), next });
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, TenantStore store) =>
        await FindAsync(id, context, store) is { } row ? TypedResults.Ok(row) : NotFound();

    private static async Task<IResult> CreateAsync(
        HttpContext context, TenantStore store, AdmitTenant admit, ApiOptions options, TimeProvider time)
    {
        (TenantInput? input, IResult? problem) = await ReadInputAsync(context, store, options);
        if (input is null) return problem!;
        if (await admit.RefusalAsync(input.Override, context.RequestAborted) is { } refusal) return refusal;
        var id = new TenantId(Ids.New(time));
        await store.AddAsync(id, input, context.RequestAborted);
        RecordAccountEvent.Of(context, id.Value);
        await admit.NoteAsync(id, input.Override, context.Caller(), context.RequestAborted);
        return TypedResults.Created($"/api/v1/tenants/{id}", await FindAsync(id.Value, context, store));
    }

    private static async Task<IResult> ChangeAsync(Guid id, HttpContext context, TenantStore store, ApiOptions options)
    {
        (TenantInput? input, IResult? problem) = await ReadInputAsync(context, store, options);
        if (input is null) return problem!;
        return await store.ChangeAsync(new(id), input, context.RequestAborted)
            ? await ReadAsync(id, context, store)
            : NotFound();
    }

    private static Task<IResult> SuspendAsync(Guid id, HttpContext context, TenantStore store) =>
        SetStatusAsync(id, "suspended", context, store);

    private static Task<IResult> ResumeAsync(Guid id, HttpContext context, TenantStore store) =>
        SetStatusAsync(id, "active", context, store);

    private static async Task<IResult> SetStatusAsync(Guid id, string status, HttpContext context, TenantStore store) =>
        await store.SetStatusAsync(new(id), status, context.RequestAborted)
            ? await ReadAsync(id, context, store)
            : NotFound();

    private static async Task<(TenantInput? Input, IResult? Problem)> ReadInputAsync(
        HttpContext context, TenantStore store, ApiOptions options)
    {
        (TenantInput? input, IResult? problem) = await JsonBody.ReadAsync<TenantInput>(context.Request, options);
        if (input is null) return (null, problem);
        if (Problems.Invalid(input.Faults()) is { } invalid) return (null, invalid);
        if (input.PlanId is { } plan && !await store.HasPlanAsync(plan, context.RequestAborted))
            return (null, Problems.Invalid("planId", "names no plan"));
        return (input, null);
    }

    private static async Task<TenantRow?> FindAsync(Guid id, HttpContext context, TenantStore store) =>
        (await store.ListAsync(id, null, 1, context.RequestAborted)).SingleOrDefault();

    private static IResult NotFound() => Problems.NotFound("tenant_not_found", "There is no such tenant.");
}
