using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vellarys.Accounts.Access;

/// <summary>Has written down what endpoints change.</summary>
internal static class AuditConventions
{
    /// <summary>In the tenant's record.</summary>
    public static RouteGroupBuilder RecordedForTenant(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(RecordAccountEvent.FilterAsync).WithMetadata(new Audited());

    /// <summary>In the platform's record, and in that of the tenant it is done to.</summary>
    public static RouteGroupBuilder RecordedForPlatform(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(RecordPlatformEvent.FilterAsync).WithMetadata(new Audited());
}
