using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Http;

namespace Vellarys.Api;

/// <summary>
/// The host's boundary: whatever goes wrong below becomes a problem, without internals; and a status that came without
/// a body gets one.
/// </summary>
internal sealed class ProblemResponses(RequestDelegate next, ILogger<ProblemResponses> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        IResult? problem = null;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException e)
        {
            problem = Problems.ForStatus(e.StatusCode);
        }
#pragma warning disable CA1031 // The boundary: logged here, and the caller hears nothing of our insides.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.RequestFailed(e, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "none");
            problem = Problems.ForStatus(IsPassing(e)
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status500InternalServerError);
        }

        if (context.Response.HasStarted)
        {
            // Too late for another answer; a cut connection at least is no half answer that looks whole.
            if (problem is not null) context.Abort();
            return;
        }

        if (problem is not null)
        {
            context.Response.Clear();
            await problem.ExecuteAsync(context);
        }
        else if (context.Response is { StatusCode: >= 400, ContentLength: null or 0, ContentType: null })
        {
            await Problems.ForStatus(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    /// <summary>The database or a provider is away; time may mend it.</summary>
    private static bool IsPassing(Exception e) => e is TransientFault or NpgsqlException { IsTransient: true };
}
