using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Api;
using Vellarys.Standalone;

namespace Vellarys.Tests.Api.Description;

/// <summary>
/// What the engine's pipeline answers, put together as the Functions app puts it together and called without a server:
/// nothing is connected to.
/// </summary>
internal static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static async Task<JsonObject> ReadAsync() => JsonNode.Parse((await GetAsync(Path)).Body)!.AsObject();

    public static async Task<(HttpResponse Response, string Body)> GetAsync(string path)
    {
        WebApplicationBuilder builder = Composition.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = "postgres://vellarys@127.0.0.1:1/vellarys",
            ["VELLARYS_API_KEY"] = "a-key-of-sufficient-length",
        });
        builder.AddEngine();
        await using WebApplication host = builder.Build();
        ApplicationBuilder app = new(host.Services);
        app.UseRouting();
        app.UseEndpoints(routes => routes.MapEngine(app));
        await using AsyncServiceScope scope = host.Services.CreateAsyncScope();
        using MemoryStream body = new();
        DefaultHttpContext context = new() { RequestServices = scope.ServiceProvider };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = path;
        context.Response.Body = body;
        await app.Build()(context);
        return (context.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}
