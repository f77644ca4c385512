using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Vellarys.Api;

namespace Vellarys.Functions.Http;

/// <summary>
/// The engine's endpoints with their middleware, as one pipeline that a function hands its request to: routes, guards
/// and problems are the same in every host.
/// </summary>
public sealed class EnginePipeline
{
    private readonly RequestDelegate _pipeline;

    public EnginePipeline(IServiceProvider services)
    {
        ApplicationBuilder app = new(services);
        app.UseRouting();
        app.UseEndpoints(routes => routes.MapEngine(app));
        _pipeline = app.Build();
    }

    /// <summary>Answers the request; nothing is left for the function to answer.</summary>
    public async Task<IResult> RunAsync(HttpContext context)
    {
        // Routing has chosen the function already; the engine's own routing starts afresh.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        await _pipeline(context);
        return Results.Empty;
    }
}
