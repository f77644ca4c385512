using Microsoft.AspNetCore.Http;

namespace Vellarys.Api.Idempotency;

/// <summary>The answer that an earlier call with the same key was given.</summary>
internal sealed class KeptAnswer(int status, string? location, byte[] body) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = status;
        response.Headers[IdempotencyFilter.Replayed] = "true";
        if (location is not null) response.Headers.Location = location;
        if (body.Length == 0) return;
        response.ContentType = "application/json; charset=utf-8";
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
