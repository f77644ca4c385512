using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Channels.Setup;

internal static class ChannelSetup
{
    public static IServiceCollection AddChannelSetup(this IServiceCollection services)
    {
        services.AddSingleton<ChannelSecretsStore>();
        services.AddSingleton<AddChannel>();
        services.AddSingleton<ChangeChannel>();
        services.AddSingleton<ChangeSecrets>();
        services.AddSingleton<CallOwnAddress>();
        services.AddSingleton<TestChannel>();
        return services;
    }
}
