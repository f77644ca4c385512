using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Platform;

/// <summary>Which servers may run for a tenant.</summary>
internal static class LicenceEndpoints
{
    public static void MapLicences(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder licences = routes.MapGroup("/tenants/{tenant:guid}/licences");
        licences.MapGet("", ListAsync).Needs(Permissions.ManageTenants, "licence.list")
            .Asks("active", "serverIp").Gives(typeof(Listed<LicenceRow>));
        licences.MapPost("", CreateAsync).Needs(Permissions.ManageTenants, "licence.create")
            .Takes(typeof(LicenceInput)).Gives(typeof(LicenceRow), StatusCodes.Status201Created);
        licences.MapDelete("/{id:guid}", EndAsync).Needs(Permissions.ManageTenants, "licence.end")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        Guid tenant, HttpContext context, LicenceStore store, ITenantDirectory tenants)
    {
        var query = new QueryInput(context.Request);
        bool? active = query.Flag("active");
        string? server = query.Text("serverIp", 50);
        if (server is not null && !IPAddress.TryParse(server, out _)) query.Refuse("serverIp", Fault);
        if (query.Problem is { } problem) return problem;
        if (await tenants.FindAsync(new(tenant), context.RequestAborted) is null) return NoTenant();
        return TypedResults.Ok(new
        {
            items = await store.ListAsync(new(tenant), server, active, context.RequestAborted),
        });
    }

    private static async Task<IResult> CreateAsync(
        Guid tenant, HttpContext context, LicenceStore store, ITenantDirectory tenants, ApiOptions options)
    {
        (LicenceInput? input, IResult? problem) = await JsonBody.ReadAsync<LicenceInput>(context.Request, options);
        if (input is null) return problem!;
        if (!IPAddress.TryParse(input.ServerIp, out _)) return Problems.Invalid("serverIp", Fault);
        if (input.Note is { Length: > 0 } && TextInput.Fault(input.Note, 500) is { } note)
            return Problems.Invalid("note", note);
        if (await tenants.FindAsync(new(tenant), context.RequestAborted) is null) return NoTenant();
        if (await store.AddAsync(new(tenant), input.ServerIp!, input.Note ?? "", context.RequestAborted) is not { } row)
            return Problems.Refused("licence_exists", "The company has an active licence for this server.");
        RecordAccountEvent.Of(context, row.Id);
        return TypedResults.Created($"/api/v1/tenants/{tenant}/licences/{row.Id}", row);
    }

    private static async Task<IResult> EndAsync(Guid tenant, Guid id, HttpContext context, LicenceStore store) =>
        await store.EndAsync(new(tenant), id, context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.NotFound("licence_not_found", "There is no such active licence.");

    private const string Fault = "must be an IP address";

    private static IResult NoTenant() => Problems.NotFound("tenant_not_found", "There is no such tenant.");

    private sealed record LicenceInput(string? ServerIp, string? Note);
}
