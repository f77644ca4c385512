using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Vellarys.Http;

/// <summary>
/// The only shape of an error: RFC 9457 problem details with a stable <c>code</c>. A 400 also lists the fields at
/// fault.
/// </summary>
internal static class Problems
{
    public static IResult Invalid(string field, string reason) =>
        Of(StatusCodes.Status400BadRequest, "invalid_request", $"{field}: {reason}", new FieldFault(field, reason));

    /// <summary>All that is wrong at once; null when nothing is.</summary>
    public static IResult? Invalid(IEnumerable<FieldFault> faults)
    {
        FieldFault[] all = [.. faults];
        if (all.Length == 0) return null;
        string detail = string.Join("; ", all.Select(f => $"{f.Field}: {f.Reason}"));
        return Of(StatusCodes.Status400BadRequest, "invalid_request", detail, all);
    }

    public static IResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    /// <summary>An expected no: the request is fine, the state of things forbids it.</summary>
    public static IResult Refused(string code, string reason) => Of(StatusCodes.Status409Conflict, code, reason);

    public static IResult TooLarge(long maxBytes) => Of(
        StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body may have at most {maxBytes} bytes.");

    /// <summary>For a body that was not read.</summary>
    public static IResult Unread(BodyFault fault, long maxBytes) => fault switch
    {
        BodyFault.TooLarge => TooLarge(maxBytes),
        BodyFault.TooSlow => ForStatus(StatusCodes.Status408RequestTimeout),
        BodyFault.NoRoom => ForStatus(StatusCodes.Status503ServiceUnavailable),
        _ => ForStatus(StatusCodes.Status400BadRequest),
    };

    public static IResult NotJson() => Of(
        StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the body as application/json.");

    public static IResult Of(int status, string code, string detail, params FieldFault[] errors)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail };
        problem.Extensions["code"] = code;
        if (errors.Length > 0) problem.Extensions["errors"] = errors;
        return TypedResults.Problem(problem);
    }

    /// <summary>For a status that no endpoint explained.</summary>
    public static IResult ForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Of(status, "invalid_request", "The request cannot be read."),
        StatusCodes.Status404NotFound => Of(status, "no_such_route", "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => Of(
            status, "method_not_allowed",
            "This address does not take this method; the Allow header lists those it does."),
        StatusCodes.Status408RequestTimeout => Of(status, "body_too_slow", "The body did not arrive in time."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "body_too_large", "The body is too large."),
        StatusCodes.Status415UnsupportedMediaType => NotJson(),
        StatusCodes.Status503ServiceUnavailable => Of(status, "unavailable", "Try again in a moment."),
        >= StatusCodes.Status500InternalServerError => Of(status, "internal_error", "Something failed on our side."),
        _ => Of(status, "request_failed", "The request was not carried out."),
    };
}

/// <summary>One thing wrong with a request.</summary>
/// <param name="Field">The JSON path, query parameter or header.</param>
internal sealed record FieldFault(string Field, string Reason);
