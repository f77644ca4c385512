using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Oidc;
using Vellarys.Accounts.Profiles;
using Vellarys.Accounts.Sessions;
using Vellarys.Accounts.Teams;
using Vellarys.Http;

namespace Vellarys.Accounts.Users;

/// <summary>Who works for a tenant. Nobody gives more than they have, or touches who has more.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/users/{id:guid}");
        routes.MapGet("/users", ListAsync).Needs(Permissions.ReadUsers, "user.list")
            .Asks("active", "after", "limit").Gives(typeof(Page<UserRow>));
        routes.MapPost("/users", CreateAsync).Needs(Permissions.ManageUsers, "user.create")
            .Takes(typeof(UserInput)).Gives(typeof(UserAnswer), StatusCodes.Status201Created);
        one.MapGet("", ReadAsync).Needs(Permissions.ReadUsers, "user.read")
            .Gives(typeof(UserRow));
        one.MapPut("", UpdateAsync).Needs(Permissions.ManageUsers, "user.update")
            .Takes(typeof(UserInput)).Gives(typeof(UserRow));
        one.MapDelete("", DeactivateAsync).Needs(Permissions.ManageUsers, "user.deactivate")
            .Gives(StatusCodes.Status204NoContent);
        one.MapPut("/password", SetPasswordAsync).Needs(Permissions.ManageUsers, "user.set-password")
            .Takes(typeof(PasswordBody)).Gives(StatusCodes.Status204NoContent);
        one.MapDelete("/identity", UnbindAsync).Needs(Permissions.ManageUsers, "user.unbind")
            .Gives(StatusCodes.Status204NoContent);
        one.MapDelete("/totp", RemoveTotpAsync).Needs(Permissions.ManageUsers, "user.remove-totp")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListUsers list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        bool? active = query.Flag("active");
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<UserRow> rows = await list.RunAsync(
            context.Tenant(), active, after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(Page<UserRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> ReadAsync(Guid id, HttpContext context, ListUsers list) =>
        await list.FindAsync(context.Tenant(), id, context.RequestAborted) is { } found
            ? TypedResults.Ok(found)
            : NotFound();

    private static async Task<IResult> CreateAsync(
        HttpContext context, CreateUser create, ListUsers list, ReadProfiles profiles, ListAgents agents,
        ITenantDirectory tenants, ApiOptions options)
    {
        (UserInput? input, IResult? problem) = await JsonBody.ReadAsync<UserInput>(context.Request, options);
        if (input is null) return problem!;
        Tenant? tenant = await tenants.FindAsync(context.Tenant(), context.RequestAborted);
        if (input.Fault(tenant?.Name) is { } fault) return Problems.Invalid(fault.Field, fault.Reason);
        if (await GiveProblemAsync(context, profiles, input.Role!, input.ProfileId) is { } refused) return refused;

        if (input.AgentId is { } agent
            && await agents.FindAsync(context.Tenant(), agent, context.RequestAborted) is null)
        {
            return Problems.Invalid("agentId", "there is no such agent");
        }

        UserCreation creation = await create.RunAsync(
            context.Tenant(), input, mayAttach: context.Caller().IsPlatformAdmin, context.RequestAborted);
        if (creation is not UserCreation.Created created) return Refusal((UserCreation.Refused)creation);
        RecordAccountEvent.Of(context, created.Id);
        UserRow? row = await list.FindAsync(context.Tenant(), created.Id, context.RequestAborted);
        return TypedResults.Created($"/api/v1/users/{created.Id}", new UserAnswer(row, created.WasThere));
    }

    private static async Task<IResult> UpdateAsync(
        Guid id, HttpContext context, ChangeUser change, ListUsers list, ReadProfiles profiles, ApiOptions options)
    {
        (UserInput? input, IResult? problem) = await JsonBody.ReadAsync<UserInput>(context.Request, options);
        if (input is null) return problem!;
        if (input.ChangeFault() is { } fault) return Problems.Invalid(fault.Field, fault.Reason);
        if (await list.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } target) return NotFound();
        if (await GiveProblemAsync(context, profiles, target.Role, target.ProfileId) is { } above) return above;
        if (await GiveProblemAsync(context, profiles, input.Role!, input.ProfileId) is { } refused) return refused;
        return await change.RunAsync(
            context.Tenant(), id, input.Name!.Trim(), input.Role!, input.ProfileId, input.Active,
            context.RequestAborted) switch
        {
            UserChange.Done => await ReadAsync(id, context, list),
            UserChange.NoRoom => NoRoom(),
            UserChange.LastAdmin => LastAdmin(),
            _ => NotFound(),
        };
    }

    private static async Task<IResult> DeactivateAsync(
        Guid id, HttpContext context, ChangeUser change, ListUsers list, ReadProfiles profiles)
    {
        if (await list.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } target) return NotFound();
        if (await GiveProblemAsync(context, profiles, target.Role, target.ProfileId) is { } above) return above;
        return await change.RunAsync(
            context.Tenant(), id, target.Name, target.Role, target.ProfileId, active: false,
            context.RequestAborted) switch
        {
            UserChange.Done => TypedResults.NoContent(),
            UserChange.LastAdmin => LastAdmin(),
            _ => NotFound(),
        };
    }

    private static async Task<IResult> SetPasswordAsync(
        Guid id, HttpContext context, ListUsers list, ReadProfiles profiles, IsSolelyOurs ours, StorePassword store,
        ITenantDirectory tenants, ApiOptions options)
    {
        (PasswordBody? body, IResult? problem) = await JsonBody.ReadAsync<PasswordBody>(context.Request, options);
        if (body is null) return problem!;
        (UserRow? target, IResult? refused) = await ResetTargetAsync(id, context, list, profiles, ours);
        if (target is null) return refused!;
        Tenant? tenant = await tenants.FindAsync(context.Tenant(), context.RequestAborted);
        if (PasswordRules.Fault(body.Password, [target.Email, target.Username, target.Name, tenant?.Name]) is { } fault)
            return Problems.Invalid("password", fault);
        await store.RunAsync(id, body.Password!, except: null, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> RemoveTotpAsync(
        Guid id, HttpContext context, ListUsers list, ReadProfiles profiles, IsSolelyOurs ours, SecondFactor factor)
    {
        // The installation's key: who lost phone and recovery codes has nobody else to ask.
        (UserRow? target, IResult? refused) = await ResetTargetAsync(
            id, context, list, profiles, ours, mayOpenMore: context.Caller().Kind == CallerKind.Installation);
        if (target is null) return refused!;
        await factor.RemoveAsync(id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> UnbindAsync(
        Guid id, HttpContext context, ListUsers list, ReadProfiles profiles, IsSolelyOurs ours,
        UserIdentities identities)
    {
        (UserRow? target, IResult? refused) = await ResetTargetAsync(
            id, context, list, profiles, ours, mayOpenMore: context.Caller().Kind == CallerKind.Installation);
        if (target is null) return refused!;
        await identities.UnbindAsync(id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    /// <param name="mayOpenMore">Whether the account may open other tenants or the platform.</param>
    private static async Task<(UserRow? Target, IResult? Problem)> ResetTargetAsync(
        Guid id, HttpContext context, ListUsers list, ReadProfiles profiles, IsSolelyOurs ours,
        bool mayOpenMore = false)
    {
        if (await list.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } target)
            return (null, NotFound());
        if (await GiveProblemAsync(context, profiles, target.Role, target.ProfileId) is { } above) return (null, above);
        return mayOpenMore || await ours.RunAsync(context.Tenant(), id, context.RequestAborted)
            ? (target, null)
            : (null, Problems.Of(
                StatusCodes.Status403Forbidden, "user_of_several",
                "This account opens other tenants or the platform too: only its owner changes what opens it."));
    }

    /// <summary>Null when the caller has whatever this role, or profile, gives.</summary>
    private static async Task<IResult?> GiveProblemAsync(
        HttpContext context, ReadProfiles profiles, string role, Guid? profileId)
    {
        IEnumerable<string>? permissions = null;
        if (profileId is { } id)
        {
            if (await profiles.FindAsync(context.Tenant(), id, context.RequestAborted) is not { } profile)
                return Problems.Invalid("profileId", "there is no such profile");
            permissions = profile.Permissions;
        }

        return context.Caller().MayGive(BuiltInRoles.PermissionsOf(role, permissions))
            ? null
            : ProfileEndpoints.NotYoursToGive();
    }

    private static IResult NotFound() => Problems.NotFound("user_not_found", "There is no such user.");

    private static IResult Refusal(UserCreation.Refused refused) => refused.Code switch
    {
        "already_member" => Problems.Refused(refused.Code, "Somebody with this e-mail address works here already."),
        "account_elsewhere" => Problems.Refused(
            refused.Code,
            "This e-mail address has an account of another company's making. A platform administrator, or who holds "
            + "the installation's key, can add it here."),
        UserCreation.UsernameTaken => Problems.Refused(refused.Code, "Choose another user name."),
        _ => NoRoom(),
    };

    private static IResult NoRoom() =>
        Problems.Refused("plan_limit_reached", "The plan of this company includes no further user.");

    private static IResult LastAdmin() =>
        Problems.Refused("last_admin", "The tenant needs an administrator: make another one first.");

    private sealed record UserAnswer(UserRow? User, bool WasThere);

    private sealed record PasswordBody(string? Password);
}
