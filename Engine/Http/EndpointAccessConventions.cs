using Microsoft.AspNetCore.Builder;

namespace Vellarys.Http;

/// <summary>How an endpoint says whom it is for.</summary>
internal static class EndpointAccessConventions
{
    /// <summary>Every endpoint that is not <see cref="OpenToAll"/> says this; a test holds it to it.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, string permission, string audit)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointAccess(permission, audit));
}
