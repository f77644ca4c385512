using Microsoft.Extensions.DependencyInjection;
using Vellarys.Health;
using Vellarys.Jobs;

namespace Vellarys.Channels.Stops;

internal static class StopsSetup
{
    public static IServiceCollection AddChannelStops(this IServiceCollection services)
    {
        services.AddSingleton<ChannelStopsStore>();
        services.AddSingleton<ChannelMetrics>();
        services.AddSingleton<ChannelStops>();
        services.AddSingleton<IJob, ProbeChannels>();
        services.AddSingleton<IDependencyProbe, ChannelsProbe>();
        return services;
    }
}
