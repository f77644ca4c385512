using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vellarys.Health;

/// <summary>How this instance is, over HTTP.</summary>
internal static class HealthEndpoints
{
    /// <summary>Open to all: load balancers ask.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/health", HealthAsync);

    private static async Task<IResult> HealthAsync(HttpContext context, CheckHealth check)
    {
        HealthReport report = await check.RunAsync();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(HealthBody.Of(report), statusCode: report.Status == DependencyLevel.Unhealthy
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK);
    }
}
