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

    /// <summary>
    /// Answers the request; nothing is left for the function to answer. A caller who leaves is no failure: an event
    /// stream ends no other way.
    /// </summary>
    /// <param name="cancellationToken">The call was cancelled: its caller left, or the host stops.</param>
    public async Task<IResult> RunAsync(HttpContext context, CancellationToken cancellationToken)
    {
        CancellationTokenSource left =
            CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, cancellationToken);
        context.Response.RegisterForDispose(left);
        context.RequestAborted = left.Token;
        // Routing has chosen the function already; the engine's own routing starts afresh.
        context.SetEndpoint(null);
        context.Request.RouteValues.Clear();
        try
        {
            await _pipeline(context);
            // What was broken off has no answer, and must not look like one: a host that stops still sends it.
            if (left.IsCancellationRequested && !context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
        catch (Exception e) when (
            e is OperationCanceledException or ObjectDisposedException && left.IsCancellationRequested)
        {
            // The worker lets go of a request whose caller has left, under the function that still answers it.
        }

        return Results.Empty;
    }
}
