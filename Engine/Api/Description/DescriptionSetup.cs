using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Vellarys.Http;

namespace Vellarys.Api.Description;

/// <summary>Registers what describes the API.</summary>
internal static class DescriptionSetup
{
    public static IServiceCollection AddDescription(this IServiceCollection services) => services
        .AddOpenApi(ApiDescription.Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = SchemaName.Of;
            // A host may have endpoints of its own, which are not the API.
            options.ShouldInclude = described => described.ActionDescriptor.EndpointMetadata
                .Any(m => m is EndpointAccess or OpenToAll);
            options.AddSchemaTransformer<NumberSchema>();
            options.AddOperationTransformer<OperationDescription>();
            options.AddDocumentTransformer<ApiDescription>();
        })
        .AddSingleton<DescriptionDocument>();
}
