using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Vellarys.Api.Description;

/// <summary>What the description says of the API as a whole.</summary>
internal sealed class ApiDescription : IOpenApiDocumentTransformer
{
    public const string Name = "v1";
    public const string Bearer = "bearer";
    public const string Cookie = "cookie";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Vellarys",
            Version = Name,
            Description = "Answers a company's WhatsApp. Unknown fields are refused; x-permission names what a caller "
                + "needs. What an operation shows no schema for answers JSON that is described in docs/api.md only.",
        };
        // Wherever this document was read.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = new HashSet<OpenApiTag>(
            OperationTag.All.Select(t => new OpenApiTag { Name = t.Name, Description = t.Description }));
        document.AddComponent(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            Description = "The token of POST /api/v1/auth/sign-in, a tenant's key (vk_...), or the installation's key.",
        });
        document.AddComponent(Cookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Cookie,
            Name = ApiAccess.Cookie,
            Description = "Of the page: proof of the installation's key.",
        });
        ProblemResponse.AddTo(document);
        return Task.CompletedTask;
    }
}
