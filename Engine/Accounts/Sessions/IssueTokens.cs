using System.Net;
using Vellarys.Accounts.Access;

namespace Vellarys.Accounts.Sessions;

/// <summary>The access token of a session, for the tenant that is meant.</summary>
internal sealed class IssueTokens(
    UserTenants tenants, SessionStore sessions, AccessTokens tokens, RecordAccountEvent record)
{
    /// <summary>Null when the tenant that was asked for is none of theirs.</summary>
    /// <param name="wanted">Named by the request.</param>
    /// <param name="last">Where the session was before; who has no say and one tenant is there.</param>
    public async Task<Issued?> RunAsync(
        Guid session, Guid user, TenantId? wanted, TenantId? last, IPAddress? from,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<UserTenant> all = await tenants.ListAsync(user, cancellationToken);
        UserTenant? chosen = await ChooseAsync(user, all, wanted ?? last, cancellationToken);
        if (wanted is not null && chosen is null) return null;
        if (chosen is null && all.Count == 1) chosen = all[0];
        if (chosen is not null && chosen.Id != last)
            await sessions.SetTenantAsync(session, chosen.Id, cancellationToken);
        if (chosen is { Role: BuiltInRoles.Support })
        {
            await record.RunAsync(
                chosen.Id, "support.enter", new Caller(CallerKind.User) { User = user }, subject: null,
                cancellationToken, from: from);
        }

        string token = await tokens.IssueAsync(
            new AccessToken(user, session, chosen?.Id, chosen?.Version ?? 0), cancellationToken);
        return new Issued(token, chosen, all);
    }

    private async Task<UserTenant?> ChooseAsync(
        Guid user, IReadOnlyList<UserTenant> all, TenantId? meant, CancellationToken cancellationToken)
    {
        if (meant is not { } tenant) return null;
        return all.FirstOrDefault(t => t.Id == tenant)
            ?? await tenants.FindSupportedAsync(user, tenant, cancellationToken);
    }
}

/// <summary>What a sign-in or a refresh gives.</summary>
/// <param name="Tenant">Null while none is chosen.</param>
internal sealed record Issued(string AccessToken, UserTenant? Tenant, IReadOnlyList<UserTenant> Tenants);
