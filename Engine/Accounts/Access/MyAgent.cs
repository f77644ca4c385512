using Microsoft.AspNetCore.Http;
using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>
/// Whom a caller answers as. Somebody who signed in is the agent that the tenant's list ties to them, and can act as
/// another only with the right to manage teams; machines and the installation's key say whom they mean.
/// </summary>
internal sealed class MyAgent(TenantReader reader)
{
    private const string Sql = "select a.id from agents a where a.tenant_id = $1 and a.user_id = $2";

    /// <summary>The agent, or the answer to give instead.</summary>
    /// <param name="named">As the request has it.</param>
    public async Task<(Guid Agent, IResult? Problem)> ResolveAsync(HttpContext context, Guid? named)
    {
        Caller caller = context.Caller();
        if (caller.User is not { } user || (named is not null && caller.May(Permissions.ManageTeams)))
            return named is { } given ? (given, null) : (default, Problems.Invalid("agentId", "must be given"));

        IReadOnlyList<Guid> own = await reader.QueryAsync<Guid>(
            context.Tenant(), new NpgsqlBatchCommand(Sql).With(context.Tenant().Value).With(user),
            context.RequestAborted);
        if (own.Count == 0) return (default, Problems.Refused("no_agent", "You are on no list of agents."));
        return named is null || named == own[0] ? (own[0], null) : (default, NotYours());
    }

    private static IResult NotYours() => Problems.Of(
        StatusCodes.Status403Forbidden, "not_your_agent", "Only who manages teams acts for another agent.");
}
