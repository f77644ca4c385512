using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.Setup;

internal static class ChannelSetup
{
    public static IServiceCollection AddChannelSetup(this IServiceCollection services)
    {
        services.TryAddSingleton(new GatewayOptions());
        services.AddSingleton<ChannelForms>();
        services.AddSingleton<ChannelSecretsStore>();
        services.AddSingleton<AddChannel>();
        services.AddSingleton<ChangeChannel>();
        services.AddSingleton<ChangeSecrets>();
        services.AddSingleton<CallOwnAddress>();
        services.AddSingleton<TestChannel>();
        return services;
    }
}
