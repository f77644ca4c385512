using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels.Media;

namespace Vellarys.Functions.Media;

/// <summary>
/// The host's own storage account keeps the files too: by managed identity in Azure, by the connection string on a desk
/// (<c>UseDevelopmentStorage=true</c> is Azurite).
/// </summary>
internal static class BlobStoreSetup
{
    private const string Container = "media";
    private const string Account = "AzureWebJobsStorage";

    public static IServiceCollection AddBlobStore(this IServiceCollection services, IConfiguration configuration)
    {
        string? uri = configuration[$"{Account}:blobServiceUri"], connection = configuration[Account];
        if (Uri.TryCreate(uri, UriKind.Absolute, out Uri? address))
        {
            services.AddSingleton<IMediaStore>(provider => new BlobMediaStore(
                new BlobServiceClient(address, provider.GetRequiredService<TokenCredential>())
                    .GetBlobContainerClient(Container)));
        }
        else if (!string.IsNullOrEmpty(connection))
        {
            services.AddSingleton<IMediaStore>(_ => new BlobMediaStore(
                new BlobServiceClient(connection).GetBlobContainerClient(Container)));
        }

        return services;
    }
}
