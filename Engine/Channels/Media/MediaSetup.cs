using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Http;
using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Channels.Media;

/// <summary>
/// Registers what fetches, keeps and serves files. A host with a store of its own registers it first.
/// </summary>
internal static class MediaSetup
{
    public static IServiceCollection AddMedia(this IServiceCollection services, IConfiguration configuration)
    {
        MediaOptions options = MediaOptions.Read(configuration);
        services.AddSingleton(options);
        services.TryAddSingleton<TenantReader>();
        services.TryAddSingleton<IMediaStore>(_ => new FileMediaStore(options));
        services.TryAddSingleton<IMediaScanner>(_ =>
            options.Scanner is { } address && ClamdScanner.TryParse(address, out string host, out int port)
                ? new ClamdScanner(host, port)
                : new NoScanner());
        services.AddSingleton<MediaRows>();
        services.AddSingleton<KeepFile>();
        services.AddSingleton<MediaLinks>();
        services.AddSingleton(s => new MediaFiles(
            s.GetRequiredService<MediaRows>(), s.GetRequiredService<IMediaStore>(),
            s.GetRequiredService<MediaLinks>(), s.GetRequiredService<ApiOptions>()));
        services.AddSingleton<UploadMedia>();
        services.AddSingleton<IMessageHandler, FetchMedia>();
        services.AddSingleton<IJob, PruneMedia>();
        return services;
    }
}
