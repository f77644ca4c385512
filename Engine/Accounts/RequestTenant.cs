using Microsoft.AspNetCore.Http;
using Vellarys.Http;

namespace Vellarys.Accounts;

/// <summary>
/// The tenant that a request is about: header <c>X-Tenant-Id</c> or query <c>tenant</c>; an installation with one
/// active tenant means that one. Signed-in users will bring theirs along once there are accounts.
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
        if (given.Length > 0)
        {
            if (!Guid.TryParse(given, out Guid id)) return Problems.Invalid(field, "must be a UUID");
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
}
