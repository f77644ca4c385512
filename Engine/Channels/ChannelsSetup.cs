using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Vellarys.Channels.Dialog360;
using Vellarys.Channels.Evolution;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Channels.Media;
using Vellarys.Channels.MetaCloud;
using Vellarys.Channels.Sandbox;
using Vellarys.Channels.Sealing;
using Vellarys.Channels.Setup;
using Vellarys.Channels.Stops;
using Vellarys.Channels.Uazapi;
using Vellarys.Channels.ZApi;
using Vellarys.Channels.Templates;
using Vellarys.Secrets;
using Vellarys.Storage.Directories;

namespace Vellarys.Channels;

/// <summary>
/// Registers the providers and the directory of channels; needs a <see cref="Npgsql.NpgsqlDataSource"/>.
/// </summary>
internal static class ChannelsSetup
{
    public static IServiceCollection AddChannels(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(MetaCloudOptions.Read(configuration));
        services.AddSingleton<IProvider, MetaCloudProvider>();
        services.AddDialog360(configuration);
        services.AddSingleton<IProvider, SandboxProvider>();
        services.AddSingleton(GatewayOptions.Read(configuration));
        services.AddSingleton<GatewayConnection>();
        services.AddSingleton<IProvider, EvolutionProvider>();
        services.AddSingleton<IProvider, UazapiProvider>();
        services.AddSingleton<IProvider, ZApiProvider>();
        services.AddSingleton<ChannelDirectory>();
        services.AddSingleton<IChannelDirectory>(s => s.GetRequiredService<ChannelDirectory>());
        services.AddSingleton<IRefreshed>(s => s.GetRequiredService<ChannelDirectory>());
        services.AddSingleton(s => new CreateChannel(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<IChannelDirectory>(),
            s.GetRequiredService<SecretBox>(), s.GetRequiredService<TimeProvider>()));
        services.AddChannelStops().AddSealing().AddChannelSetup().AddTemplates(configuration)
            .AddMedia(configuration);
        services.AddHostedService<DirectoryRefresh>();
        return services;
    }
}
