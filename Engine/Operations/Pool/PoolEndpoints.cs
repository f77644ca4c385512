using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Vellarys.Operations.Pool;

/// <summary>The pool over HTTP: open as <c>/health</c> is, for it holds numbers and no secrets.</summary>
internal static class PoolEndpoints
{
    public static void MapPoolHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/health/pool", Show);

    /// <summary>Always 200: a busy pool is no reason to take the instance out of service.</summary>
    private static JsonHttpResult<PoolReport> Show(HttpContext context, ReadPool pool)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(pool.Run());
    }
}
