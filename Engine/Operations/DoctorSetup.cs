using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts.Platform;
using Vellarys.Caching;

namespace Vellarys.Operations;

internal static class DoctorSetup
{
    /// <summary>The doctor, the report, and the gate that the doctor keeps.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(OperationsOptions.Read(configuration));
        services.AddSingleton<CheckDatabase>();
        services.AddSingleton<RunDoctor>();
        services.AddSingleton<IGrowthGate>(provider => provider.GetRequiredService<RunDoctor>());
        services.AddCaching().AddSingleton<ReadReport>();
        return services;
    }
}
