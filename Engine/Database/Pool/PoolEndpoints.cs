using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Database.Pool;

/// <summary>
/// The pool over HTTP: open as <c>/health</c> is, for it holds numbers and no secrets. What to do about them names
/// settings and the database, and is only for those whom the API knows; so are the other instances, for which the
/// database is asked.
/// </summary>
internal static class PoolEndpoints
{
    public static void MapPoolHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/health/pool", ShowAsync)
        .Gives(typeof(PoolReport));

    /// <summary>Always 200: a busy pool is no reason to take the instance out of service.</summary>
    private static async Task<JsonHttpResult<PoolReport>> ShowAsync(
        HttpContext context, ReadPool pool, ReadInstances instances)
    {
        context.Response.Headers.CacheControl = "no-store";
        PoolReport report = pool.Run();
        bool isKnown = context.Features.Get<KnownCaller>() is not null;
        return TypedResults.Json(isKnown
            ? report with { Instances = await instances.RunAsync(context.RequestAborted) }
            : report with { Recommendations = [] });
    }
}
