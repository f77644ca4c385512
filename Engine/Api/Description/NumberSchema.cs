using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Vellarys.Api.Description;

/// <summary>
/// A number is a number. The framework's schemas also offer texts of digits, which the web's JSON would read: our
/// bodies are read strictly, and no answer shows one.
/// </summary>
internal sealed class NumberSchema : IOpenApiSchemaTransformer
{
    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (schema.Type is not { } type || (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) == 0)
            return Task.CompletedTask;
        schema.Type = type & ~JsonSchemaType.String;
        schema.Pattern = null;
        return Task.CompletedTask;
    }
}
