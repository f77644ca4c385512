using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Channels.Dialog360;

internal static class Dialog360Setup
{
    public static IServiceCollection AddDialog360(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton(Dialog360Options.Read(configuration)).AddSingleton<IProvider, Dialog360Provider>();
}
