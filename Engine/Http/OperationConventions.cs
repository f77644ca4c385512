using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Vellarys.Http;

/// <summary>How an endpoint says what it reads and answers, for the API's description.</summary>
internal static class OperationConventions
{
    public const string Json = "application/json";

    public static TBuilder Takes<TBuilder>(this TBuilder endpoint, Type body)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OperationBody(body));

    public static TBuilder Asks<TBuilder>(this TBuilder endpoint, params string[] names)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new OperationQuery(names));

    public static TBuilder Gives<TBuilder>(this TBuilder endpoint, Type answer, int status = StatusCodes.Status200OK)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, answer, [Json]));

    /// <summary>The answer shows a secret, this once: it is kept nowhere.</summary>
    public static TBuilder ShowsSecret<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SecretAnswer());

    /// <summary>An answer without a body.</summary>
    public static TBuilder Gives<TBuilder>(this TBuilder endpoint, int status)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void)));
}

/// <summary>
/// What an endpoint reads as its body. Not the framework's own metadata, for that would refuse other media types while
/// routing, before the caller is known.
/// </summary>
internal sealed record OperationBody(Type Type);

/// <summary>What an endpoint reads of its address' query; none of it is required.</summary>
internal sealed record OperationQuery(IReadOnlyList<string> Names);

/// <summary>See <see cref="OperationConventions.ShowsSecret"/>.</summary>
internal sealed record SecretAnswer;

/// <summary>A POST takes an <c>Idempotency-Key</c>.</summary>
internal sealed record Idempotent;
