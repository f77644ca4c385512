using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Vellarys.Api.Description;

/// <summary>What the API is, for programs and for people. Open to all: it tells no more than the repository.</summary>
internal static class DescriptionEndpoints
{
    public static void MapDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/v1.json", async (HttpContext context, DescriptionDocument document) =>
        {
            DescriptionDocument.Made made = await document.ReadAsync(context.RequestAborted);
            return Answer(context, TypedResults.File(made.Json, "application/json", entityTag: made.JsonTag));
        });
        routes.MapGet("/docs", async (HttpContext context, DescriptionDocument document) =>
        {
            DescriptionDocument.Made made = await document.ReadAsync(context.RequestAborted);
            context.Response.Headers.ContentSecurityPolicy = DescriptionPage.Policy;
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return Answer(context, TypedResults.File(made.Page, "text/html; charset=utf-8", entityTag: made.PageTag));
        });
    }

    private static FileContentHttpResult Answer(HttpContext context, FileContentHttpResult file)
    {
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return file;
    }
}
