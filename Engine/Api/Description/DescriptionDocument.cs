using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Vellarys.Api.Description;

/// <summary>The description, and the page that shows it: made once, for it is the same for everybody.</summary>
internal sealed class DescriptionDocument(
    [FromKeyedServices(ApiDescription.Name)] IOpenApiDocumentProvider provider)
{
    private Made? _made;

    public async ValueTask<Made> ReadAsync(CancellationToken cancellationToken)
    {
        if (_made is { } made) return made;
        OpenApiDocument document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        string json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        json = json.ReplaceLineEndings("\n") + "\n";
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        byte[] page = Encoding.UTF8.GetBytes(DescriptionPage.Of(JsonNode.Parse(json)!.AsObject()));
        return _made = new Made(bytes, page, Tag(bytes), Tag(page));
    }

    private static EntityTagHeaderValue Tag(byte[] bytes) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}\"");

    /// <summary>Both, ready to be sent.</summary>
    internal sealed record Made(byte[] Json, byte[] Page, EntityTagHeaderValue JsonTag, EntityTagHeaderValue PageTag);
}
