using Microsoft.AspNetCore.Builder;

namespace Vellarys.Http;

/// <summary>What a caller of an endpoint must be permitted, and by what name the audit knows the act.</summary>
/// <param name="Permission">One of <see cref="Permissions"/>.</param>
/// <param name="Audit">Resource and verb, such as <c>channel.create</c>; the same for ever.</param>
internal sealed record EndpointAccess(string Permission, string Audit);

internal static class EndpointAccessConventions
{
    /// <summary>Every endpoint that is not <see cref="OpenToAll"/> says this; a test holds it to it.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string permission, string audit)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointAccess(permission, audit));
}
