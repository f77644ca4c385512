using Microsoft.AspNetCore.Http;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts;

/// <summary>
/// The tenant that a request is about. Who signed in and a tenant's key bring theirs along, and name no other; with the
/// installation's key it is the header <c>X-Tenant-Id</c> or the query <c>tenant</c>, and where there is one active
/// tenant, that one.
/// </summary>
internal static class RequestTenant
{
    public const string Header = "X-Tenant-Id";

    private const string Query = "tenant";

    /// <summary>The tenant that <see cref="ResolveAsync"/> found for this request.</summary>
    public static TenantId Tenant(this HttpContext context) => (TenantId)context.Items[typeof(TenantId)]!;

    /// <summary>Endpoint filter of every group that works for a tenant.</summary>
    public static async ValueTask<object?> ResolveAsync(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, ITenantDirectory directory)
    {
        HttpContext context = invocation.HttpContext;
        string field = context.Request.Headers.ContainsKey(Header) ? Header : Query;
        string given = (field == Header ? context.Request.Headers[Header] : context.Request.Query[Query]).ToString();

        Tenant? tenant;
        Guid id = default;
        if (given.Length > 0 && !Guid.TryParse(given, out id)) return Problems.Invalid(field, "must be a UUID");
        Caller caller = context.Caller();
        if (caller.Kind != CallerKind.Installation)
        {
            if (caller.Tenant is not { } own) return Problems.Refused("no_tenant", "Choose a tenant first.");
            if (given.Length > 0 && id != own.Value) return Foreign();
            tenant = await directory.FindAsync(own, context.RequestAborted);
            if (tenant is null) return Foreign();
        }
        else if (given.Length > 0)
        {
            tenant = await directory.FindAsync(new TenantId(id), context.RequestAborted);
            if (tenant is null) return Problems.NotFound("tenant_not_found", "There is no such tenant.");
        }
        else
        {
            IReadOnlyList<Tenant> all = await directory.AllAsync(context.RequestAborted);
            if (all.Count != 1) return Problems.Invalid(Header, "is required: there is not exactly one tenant");
            tenant = all[0];
        }

        context.Items[typeof(TenantId)] = tenant.Id;
        return await next(invocation);
    }

    /// <summary>The same whether there is such a tenant or not.</summary>
    private static IResult Foreign() => Problems.Of(
        StatusCodes.Status403Forbidden, "foreign_tenant", "This is not a tenant of yours.");
}
