using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Channels.MetaCloud;
using Vellarys.Jobs;

namespace Vellarys.Channels.Templates;

internal static class TemplatesSetup
{
    public static IServiceCollection AddTemplates(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(MetaCloudOptions.Read(configuration));
        services.AddSingleton<TemplateSource>();
        services.AddSingleton<ListTemplates>();
        services.AddSingleton<SaveTemplate>();
        services.AddSingleton<SyncTemplates>();
        services.AddSingleton<IJob>(s => s.GetRequiredService<SyncTemplates>());
        return services;
    }
}
