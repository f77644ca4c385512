using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Vellarys.Api.Idempotency;
using Vellarys.Http;

namespace Vellarys.Api.Description;

/// <summary>
/// An operation's name, group, permission, bodies and problems, from what its endpoint says of itself. What an endpoint
/// says nothing about has no schema.
/// </summary>
internal sealed class OperationDescription : IOpenApiOperationTransformer
{
    private static readonly string[] Numbers = ["limit"];
    private static readonly string[] Flags = ["active", "unread", "unanswered"];

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        IList<object> said = context.Description.ActionDescriptor.EndpointMetadata;
        string path = "/" + context.Description.RelativePath;
        string method = context.Description.HttpMethod!;
        EndpointAccess? access = said.OfType<EndpointAccess>().LastOrDefault();

        operation.OperationId = access?.Audit ?? OpenName(method, path);
        operation.Summary = access is null ? "Open to all." : Summary(operation.OperationId);
        operation.Tags = new HashSet<OpenApiTagReference> { new(OperationTag.Of(path).Name, context.Document) };
        if (access is not null) Guard(operation, access, context.Document!);
        foreach (string name in said.OfType<OperationQuery>().SelectMany(q => q.Names))
            (operation.Parameters ??= []).Add(Query(name));
        bool isIdempotent = HttpMethods.IsPost(method) && said.OfType<Idempotent>().Any();
        if (isIdempotent) (operation.Parameters ??= []).Add(IdempotencyKey());
        if (said.OfType<OperationBody>().LastOrDefault() is { } body)
            operation.RequestBody = await BodyAsync(body.Type, context, cancellationToken);

        operation.Responses ??= [];
        var its = new ProblemResponse.Traits(
            method, path, access is not null, operation.RequestBody is not null, isIdempotent);
        foreach (int status in ProblemResponse.Of(its))
            operation.Responses[$"{status}"] = new OpenApiResponseReference($"problem-{status}", context.Document);
    }

    private static async Task<OpenApiRequestBody> BodyAsync(
        Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
        // A body may leave out what may be null; an answer always shows it.
        foreach ((string property, IOpenApiSchema its) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (its.Type?.HasFlag(JsonSchemaType.Null) != false) schema.Required?.Remove(property);
        }

        string name = SchemaName.Of(type);
        context.Document!.AddComponent(name, schema);
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [OperationConventions.Json] = new() { Schema = new OpenApiSchemaReference(name, context.Document) },
            },
        };
    }

    private static void Guard(OpenApiOperation operation, EndpointAccess access, OpenApiDocument document)
    {
        operation.Extensions = new Dictionary<string, IOpenApiExtension>
        {
            ["x-permission"] = new JsonNodeExtension(JsonValue.Create(access.Permission)),
        };
        operation.Security =
        [
            new() { [new OpenApiSecuritySchemeReference(ApiDescription.Bearer, document)] = [] },
            new() { [new OpenApiSecuritySchemeReference(ApiDescription.Cookie, document)] = [] },
        ];
    }

    private static OpenApiParameter IdempotencyKey() => new()
    {
        Name = IdempotencyFilter.Header,
        In = ParameterLocation.Header,
        Description = "Sent again with the same key within a day, the call is answered the same and done once.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
    };

    private static OpenApiParameter Query(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Schema = new OpenApiSchema
        {
            Type = Numbers.Contains(name) ? JsonSchemaType.Integer
                : Flags.Contains(name) ? JsonSchemaType.Boolean
                : JsonSchemaType.String,
        },
    };

    /// <summary>What is open to all has no name in the audit.</summary>
    private static string OpenName(string method, string path) => string.Join('.', path
        .Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Trim('{', '}'))
        .Prepend("open").Append(method.ToLowerInvariant()));

    /// <summary><c>dead-letter.list</c>: <c>Dead letter: list</c>.</summary>
    private static string Summary(string name)
    {
        string words = name.Replace(".", ": ", StringComparison.Ordinal).Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}
