using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts.Prompts;
using Vellarys.Accounts.Settings;

namespace Vellarys.Accounts.Platform;

internal static class PlatformSetup
{
    /// <summary>Tenants, plans and licences; and what a tenant sets for itself.</summary>
    public static IServiceCollection AddSetUp(this IServiceCollection services)
    {
        services.AddSingleton<TenantStore>();
        services.AddSingleton<AdmitTenant>();
        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanUsageStore>();
        services.AddSingleton<PlatformEvents>();
        services.AddSingleton<LicenceStore>();
        services.AddSingleton<SettingsStore>();
        services.AddSingleton<PromptStore>();
        return services;
    }
}
