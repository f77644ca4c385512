using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>What companies may have, by plan.</summary>
internal static class PlanEndpoints
{
    public static void MapPlans(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder plans = routes.MapGroup("/plans");
        plans.MapGet("", ListAsync).Needs(Permissions.ManageTenants, "plan.list")
            .Gives(typeof(Listed<PlanRow>));
        plans.MapPost("", CreateAsync).Needs(Permissions.ManageTenants, "plan.create")
            .Takes(typeof(PlanInput)).Gives(typeof(PlanRow), StatusCodes.Status201Created);
        plans.MapPut("/{id:guid}", ChangeAsync).Needs(Permissions.ManageTenants, "plan.update")
            .Takes(typeof(PlanInput)).Gives(typeof(PlanRow));
        plans.MapDelete("/{id:guid}", DeleteAsync).Needs(Permissions.ManageTenants, "plan.delete")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, PlanStore store) =>
        TypedResults.Ok(new { items = await store.ListAsync(null, context.RequestAborted) });

    private static async Task<IResult> CreateAsync(
        HttpContext context, PlanStore store, ApiOptions options, TimeProvider time)
    {
        Guid id = Ids.New(time);
        RecordAccountEvent.Of(context, id);
        return await SaveAsync(id, isNew: true, context, store, options) is { } problem
            ? problem
            : TypedResults.Created($"/api/v1/plans/{id}", await FindAsync(id, context, store));
    }

    private static async Task<IResult> ChangeAsync(Guid id, HttpContext context, PlanStore store, ApiOptions options) =>
        await SaveAsync(id, isNew: false, context, store, options) is { } problem
            ? problem
            : TypedResults.Ok(await FindAsync(id, context, store));

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, PlanStore store) =>
        await store.DeleteAsync(id, context.RequestAborted) switch
        {
            true => TypedResults.NoContent(),
            null => Problems.Refused("plan_in_use", "Give its companies another plan first."),
            false => NotFound(),
        };

    private static async Task<IResult?> SaveAsync(
        Guid id, bool isNew, HttpContext context, PlanStore store, ApiOptions options)
    {
        (PlanInput? input, IResult? problem) = await JsonBody.ReadAsync<PlanInput>(context.Request, options);
        if (input is null) return problem!;
        if (Problems.Invalid(input.Faults()) is { } invalid) return invalid;
        return await store.SaveAsync(id, isNew, input, context.RequestAborted) switch
        {
            true => null,
            null => Problems.Refused("plan_name_taken", "There is a plan of this name."),
            false => NotFound(),
        };
    }

    private static async Task<PlanRow> FindAsync(Guid id, HttpContext context, PlanStore store) =>
        (await store.ListAsync(id, context.RequestAborted)).Single();

    private static IResult NotFound() => Problems.NotFound("plan_not_found", "There is no such plan.");
}
