using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Api.Description;

namespace Vellarys.Api;

/// <summary>
/// Where somebody arrives who knows only the host's address: its root leads to the page, and the API's own address
/// says what is to be found there and how to ask. Neither tells more than the repository does.
/// </summary>
internal static class IndexEndpoints
{
    private const string Root = "/api/v1";

    public static void MapIndex(this RouteGroupBuilder routes)
    {
        routes.MapGet("/", () => TypedResults.LocalRedirect("/sandbox"));
        routes.MapGet(Root, (EndpointDataSource endpoints) => TypedResults.Ok(new
        {
            name = "Vellarys",
            description = "Answers a company's WhatsApp. /openapi/v1.json describes every address, /docs shows it.",
            authentication =
                "Authorization: Bearer <the token of POST /api/v1/auth/sign-in, a tenant's key, or VELLARYS_API_KEY>",
            tenant = "X-Tenant-Id: <tenant id>, with VELLARYS_API_KEY and where there is more than one tenant",
            links = new { docs = "/docs", sandbox = "/sandbox", health = "/health", pool = "/health/pool" },
            endpoints = Addresses(endpoints),
        }));
    }

    private static IReadOnlyList<Address> Addresses(EndpointDataSource endpoints) =>
    [
        .. endpoints.Endpoints.OfType<RouteEndpoint>()
            .Select(e => (Path: DescribedPath.Of(e), Methods: MethodsOf(e)))
            .Where(e => e.Path.StartsWith(Root + "/", StringComparison.Ordinal))
            .GroupBy(e => e.Path, e => e.Methods, StringComparer.Ordinal)
            .Select(e => new Address(e.Key, [.. e.SelectMany(m => m).Distinct().Order(StringComparer.Ordinal)]))
            .OrderBy(e => e.Path, StringComparer.Ordinal),
    ];

    private static IReadOnlyList<string> MethodsOf(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];

    private sealed record Address(string Path, IReadOnlyList<string> Methods);
}
