using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Storage.Directories;

namespace Vellarys.Accounts;

/// <summary>Registers tenants; needs a <see cref="Npgsql.NpgsqlDataSource"/> of the application's role.</summary>
internal static class AccountsSetup
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<ITenantDirectory>(s => s.GetRequiredService<TenantDirectory>());
        services.AddSingleton<IRefreshed>(s => s.GetRequiredService<TenantDirectory>());
        services.AddSingleton<CreateTenant>();
        services.AddHostedService<DirectoryRefresh>();
        return services;
    }
}
