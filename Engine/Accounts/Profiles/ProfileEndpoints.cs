using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Profiles;

/// <summary>Sets of permissions that a tenant puts together itself.</summary>
internal static class ProfileEndpoints
{
    private const int MaxName = 200;

    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/permissions", (HttpContext context) => TypedResults.Ok(new
        {
            items = Permissions.OfTenants,
            roles = BuiltInRoles.Names.ToDictionary(
                role => role, role => BuiltInRoles.PermissionsOf(role).Order(StringComparer.Ordinal)),
        })).Needs(Permissions.ReadUsers, "permission.list");
        routes.MapGet("/profiles", async (HttpContext context, ReadProfiles profiles) => TypedResults.Ok(new
        {
            items = await profiles.ListAsync(context.Tenant(), context.RequestAborted),
        })).Needs(Permissions.ReadUsers, "profile.list")
            .Gives(typeof(Listed<ProfileRow>));
        routes.MapPost("/profiles", CreateAsync).Needs(Permissions.ManageUsers, "profile.create")
            .Takes(typeof(ProfileBody)).Gives(typeof(ProfileRow), StatusCodes.Status201Created);
        routes.MapPut("/profiles/{id:guid}", UpdateAsync).Needs(Permissions.ManageUsers, "profile.update")
            .Takes(typeof(ProfileBody)).Gives(typeof(ProfileRow));
        routes.MapDelete("/profiles/{id:guid}", DeleteAsync).Needs(Permissions.ManageUsers, "profile.delete")
            .Gives(StatusCodes.Status204NoContent);
    }

    public static IResult NotYoursToGive() => Problems.Of(
        StatusCodes.Status403Forbidden, "not_yours_to_give", "You cannot give, or change, more than you may yourself.");

    private static async Task<IResult> CreateAsync(
        HttpContext context, SaveProfile save, ReadProfiles profiles, ApiOptions options)
    {
        (ProfileBody? body, IResult? problem) = await ReadAsync(context, options);
        if (body is null) return problem!;
        return await save.CreateAsync(
            context.Tenant(), body.Name!.Trim(), body.Distinct(), context.RequestAborted) is { } id
            ? TypedResults.Created(
                $"/api/v1/profiles/{id}", await profiles.FindAsync(context.Tenant(), id, context.RequestAborted))
            : NameTaken();
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpContext context, SaveProfile save, ReadProfiles profiles, ApiOptions options)
    {
        (ProfileBody? body, IResult? problem) = await ReadAsync(context, options);
        if (body is null) return problem!;
        if (await profiles.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } before) return NotFound();
        if (!context.Caller().MayGive(before.Permissions)) return NotYoursToGive();
        return await save.UpdateAsync(
            context.Tenant(), id, body.Name!.Trim(), body.Distinct(), context.RequestAborted) switch
        {
            true => TypedResults.Ok(await profiles.FindAsync(context.Tenant(), id, context.RequestAborted)),
            false => NotFound(),
            null => NameTaken(),
        };
    }

    private static async Task<IResult> DeleteAsync(
        Guid id, HttpContext context, SaveProfile save, ReadProfiles profiles)
    {
        if (await profiles.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } before) return NotFound();
        if (!context.Caller().MayGive(before.Permissions)) return NotYoursToGive();
        return await save.DeleteAsync(context.Tenant(), id, context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.Refused("profile_in_use", "Give whoever has it another one first.");
    }

    private static async Task<(ProfileBody? Body, IResult? Problem)> ReadAsync(
        HttpContext context, ApiOptions options)
    {
        (ProfileBody? body, IResult? problem) = await JsonBody.ReadAsync<ProfileBody>(context.Request, options);
        if (body is null) return (null, problem);
        if (TextInput.Fault(body.Name, MaxName) is { } name) return (null, Problems.Invalid("name", name));
        if (body.Permissions is null) return (null, Problems.Invalid("permissions", "must be given"));
        if (body.Permissions.FirstOrDefault(p => p is null || !Permissions.OfTenants.Contains(p)) is not null
            || body.Permissions.Contains(null))
        {
            return (null, Problems.Invalid("permissions", "must be of the catalogue: GET /permissions"));
        }

        return context.Caller().MayGive(body.Permissions!) ? (body, null) : (null, NotYoursToGive());
    }

    private static IResult NotFound() => Problems.NotFound("profile_not_found", "There is no such profile.");

    private static IResult NameTaken() => Problems.Refused("profile_name_taken", "There is a profile of that name.");

    private sealed record ProfileBody(string? Name, IReadOnlyList<string?>? Permissions)
    {
        public string[] Distinct() => [.. Permissions!.Select(p => p!).Distinct().Order(StringComparer.Ordinal)];
    }
}
