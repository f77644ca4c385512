using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Accounts.Teams;

/// <summary>Which agents belong together.</summary>
internal static class TeamEndpoints
{
    private const int MaxName = 200;

    public static void MapTeams(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder one = routes.MapGroup("/teams/{id:guid}");
        routes.MapGet("/teams", ListAsync).Needs(Permissions.ReadTeams, "team.list")
            .Asks("after", "limit").Gives(typeof(Page<TeamRow>));
        routes.MapPost("/teams", CreateAsync).Needs(Permissions.ManageTeams, "team.create")
            .Takes(typeof(TeamBody)).Gives(typeof(TeamAnswer), StatusCodes.Status201Created);
        one.MapPut("", RenameAsync).Needs(Permissions.ManageTeams, "team.rename")
            .Takes(typeof(TeamBody)).Gives(typeof(TeamAnswer));
        one.MapDelete("", DeleteAsync).Needs(Permissions.ManageTeams, "team.delete")
            .Gives(StatusCodes.Status204NoContent);
        one.MapPut("/members/{agent:guid}", AddMemberAsync).Needs(Permissions.ManageTeams, "team.add-member")
            .Gives(StatusCodes.Status204NoContent);
        one.MapDelete("/members/{agent:guid}", RemoveMemberAsync).Needs(Permissions.ManageTeams, "team.remove-member")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ListTeams list)
    {
        var query = new QueryInput(context.Request);
        int limit = query.Number("limit", 50, 1, 200);
        (DateTime? after, Guid? afterId) = query.After("after");
        if (query.Problem is { } problem) return problem;

        IReadOnlyList<TeamRow> rows = await list.RunAsync(
            context.Tenant(), after, afterId, limit + 1, context.RequestAborted);
        return TypedResults.Ok(Page<TeamRow>.Of(rows, limit, last => new Cursor(last.CreatedAt, last.Id.ToString())));
    }

    private static async Task<IResult> CreateAsync(HttpContext context, CreateTeam create, ApiOptions options)
    {
        (string? name, IResult? problem) = await ReadNameAsync(context, options);
        if (name is null) return problem!;
        return await create.RunAsync(context.Tenant(), name, context.RequestAborted) is TeamChange.Done done
            ? TypedResults.Created((string?)null, new TeamAnswer(done.Id, name.Trim()))
            : NameTaken();
    }

    private static async Task<IResult> RenameAsync(Guid id, HttpContext context, RenameTeam rename, ApiOptions options)
    {
        (string? name, IResult? problem) = await ReadNameAsync(context, options);
        if (name is null) return problem!;
        return await rename.RunAsync(context.Tenant(), id, name, context.RequestAborted) switch
        {
            TeamChange.Done done => TypedResults.Ok(new TeamAnswer(done.Id, name.Trim())),
            TeamChange.NameTaken => NameTaken(),
            _ => NotFound(),
        };
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, DeleteTeam delete) =>
        await delete.RunAsync(context.Tenant(), id, context.RequestAborted) ? TypedResults.NoContent() : NotFound();

    private static async Task<IResult> AddMemberAsync(Guid id, Guid agent, HttpContext context, AddMember add)
    {
        (bool hasTeam, bool hasAgent) = await add.RunAsync(context.Tenant(), id, agent, context.RequestAborted);
        if (!hasTeam) return NotFound();
        return hasAgent ? TypedResults.NoContent() : AgentEndpoints.NotFound();
    }

    private static async Task<IResult> RemoveMemberAsync(
        Guid id, Guid agent, HttpContext context, RemoveMember remove) =>
        await remove.RunAsync(context.Tenant(), id, agent, context.RequestAborted)
            ? TypedResults.NoContent()
            : Problems.NotFound("member_not_found", "The team has no such member.");

    private static async Task<(string? Name, IResult? Problem)> ReadNameAsync(HttpContext context, ApiOptions options)
    {
        (TeamBody? body, IResult? problem) = await JsonBody.ReadAsync<TeamBody>(context.Request, options);
        if (body is null) return (null, problem);
        return TextInput.Fault(body.Name, MaxName) is { } fault
            ? (null, Problems.Invalid("name", fault))
            : (body.Name, null);
    }

    private static IResult NotFound() => Problems.NotFound("team_not_found", "There is no such team.");

    private static IResult NameTaken() => Problems.Refused("team_name_taken", "There is a team of that name.");

    private sealed record TeamAnswer(Guid Id, string Name);

    private sealed record TeamBody(string? Name);
}
