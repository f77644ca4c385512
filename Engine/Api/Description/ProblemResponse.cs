using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Vellarys.Api.Description;

/// <summary>The problems that every operation may answer, each with an example.</summary>
internal sealed record ProblemResponse(int Status, string Code, string Description)
{
    public const string Schema = "Problem";

    private static readonly ProblemResponse[] All =
    [
        new(StatusCodes.Status400BadRequest, "invalid_request", "The request is wrong; errors lists where."),
        new(StatusCodes.Status401Unauthorized, "key_required", "Nobody that is known: sign in, or show a key."),
        new(StatusCodes.Status403Forbidden, "not_permitted", "This needs another permission, or another caller."),
        new(StatusCodes.Status404NotFound, "no_such_route", "There is no such thing; code says which."),
        new(StatusCodes.Status409Conflict, "taken", "The state of things forbids it; code says why."),
        new(StatusCodes.Status413PayloadTooLarge, "body_too_large", "The body is too large."),
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "The body must be JSON."),
        new(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused", "The key was used for another call."),
        new(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many calls: wait as Retry-After says."),
        new(StatusCodes.Status503ServiceUnavailable, "unavailable", "Try again in a moment."),
    ];

    /// <summary>What of an operation decides on its problems.</summary>
    internal sealed record Traits(string Method, string Path, bool IsGuarded, bool HasBody, bool IsIdempotent);

    public static IEnumerable<int> Of(Traits its) =>
        from problem in All
        where problem.Status switch
        {
            StatusCodes.Status401Unauthorized => its.IsGuarded || IsSignIn(its.Path),
            StatusCodes.Status403Forbidden => its.IsGuarded,
            // Webhooks and health are never turned away for their number.
            StatusCodes.Status429TooManyRequests => its.IsGuarded || IsSignIn(its.Path),
            StatusCodes.Status404NotFound => its.IsGuarded || its.Path.Contains('{', StringComparison.Ordinal),
            StatusCodes.Status409Conflict => its.IsGuarded && !HttpMethods.IsGet(its.Method),
            StatusCodes.Status422UnprocessableEntity => its.IsIdempotent,
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType => its.HasBody,
            _ => true,
        }
        select problem.Status;

    /// <summary>Puts them, and their schema, among the document's components.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        document.AddComponent(Schema, SchemaOf());
        foreach (ProblemResponse problem in All)
        {
            document.AddComponent($"problem-{problem.Status}", new OpenApiResponse
            {
                Description = problem.Description,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new()
                    {
                        Schema = new OpenApiSchemaReference(Schema, document),
                        Example = problem.Example(),
                    },
                },
            });
        }
    }

    private static bool IsSignIn(string path) => path.StartsWith("/api/v1/auth/", StringComparison.Ordinal);

    private JsonObject Example()
    {
        JsonObject example = new()
        {
            ["status"] = Status, ["detail"] = Description, ["code"] = Code,
        };
        if (Status == StatusCodes.Status400BadRequest)
            example["errors"] = new JsonArray(new JsonObject { ["field"] = "limit", ["reason"] = "is too large" });
        return example;
    }

    private static OpenApiSchema SchemaOf() => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "status", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text(),
            ["title"] = Text(),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = Text(),
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "The same for ever." },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema> { ["field"] = Text(), ["reason"] = Text() },
                },
            },
        },
    };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };
}
