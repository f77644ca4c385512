using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Vellarys.Intake;

/// <summary>A webhook's outcome as an HTTP answer: an empty 200, or a problem (RFC 9457).</summary>
internal static class AcceptWebhookAnswers
{
    public static Task WriteAsync(HttpContext context, WebhookOutcome outcome)
    {
        switch (outcome)
        {
            case WebhookOutcome.Accepted:
                context.Response.StatusCode = StatusCodes.Status200OK;
                context.Response.ContentLength = 0;
                return Task.CompletedTask;
            case WebhookOutcome.Unavailable unavailable:
                double seconds = Math.Max(1, Math.Ceiling(unavailable.RetryAfter.TotalSeconds));
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable",
                    "The webhook was not taken. Send it again.");
            case WebhookOutcome.Malformed malformed:
                return ProblemAsync(context, StatusCodes.Status400BadRequest, "malformed_webhook",
                    $"{malformed.Field} {malformed.Reason}",
                    new { field = malformed.Field, reason = malformed.Reason });
            case WebhookOutcome.Unauthorized:
                return ProblemAsync(context, StatusCodes.Status401Unauthorized, "bad_signature",
                    "The body is not signed with a secret of this channel.");
            case WebhookOutcome.TooLarge:
                return ProblemAsync(context, StatusCodes.Status413PayloadTooLarge, "body_too_large",
                    $"The body may have at most {AcceptWebhook.MaxBytes} bytes.");
            case WebhookOutcome.TooSlow:
                return ProblemAsync(context, StatusCodes.Status408RequestTimeout, "body_too_slow",
                    "The body did not arrive in time.");
            case WebhookOutcome.UnknownChannel:
                return ProblemAsync(context, StatusCodes.Status404NotFound, "unknown_channel",
                    "The path names no channel.");
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome));
        }
    }

    public static Task ProblemAsync(
        HttpContext context, int status, string code, string detail, params object[] errors)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail };
        problem.Extensions["code"] = code;
        if (errors.Length > 0) problem.Extensions["errors"] = errors;
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }
}
