using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Vellarys.Api.Description;

/// <summary>As documents write an address: the names of its parameters, without what they must look like.</summary>
internal static class DescribedPath
{
    public static string Of(RouteEndpoint endpoint) => "/" + string.Join(
        '/', endpoint.RoutePattern.PathSegments.Select(s => string.Concat(s.Parts.Select(p => p switch
        {
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            RoutePatternLiteralPart literal => literal.Content,
            _ => "",
        }))));
}
