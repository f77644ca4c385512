using Microsoft.AspNetCore.Http;

namespace Vellarys.Accounts.Access;

/// <summary>The caller of a request.</summary>
internal static class CallerContext
{
    /// <summary>Of a request to an endpoint that is not open to all.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? Access.Caller.Installation;
}
