using Microsoft.AspNetCore.Http;

namespace Vellarys.Http;

/// <summary>Which page a browser sends a request from.</summary>
internal static class Origins
{
    /// <summary>Browsers name the page that sends a changing request; callers that are no browser name none.</summary>
    public static bool IsFromAnotherSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return false;
        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                && string.Equals(from.Authority, Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    public static IResult Refusal() => Problems.Of(
        StatusCodes.Status403Forbidden, "foreign_origin", "A page of another site may not do this.");

    /// <summary>As <see cref="Uri.Authority"/> writes it: without the scheme's own port.</summary>
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out Uri? own) ? own.Authority : "";
}
