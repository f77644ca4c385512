using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>Registers agents and teams.</summary>
internal static class TeamsSetup
{
    public static IServiceCollection AddTeams(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TenantReader>();
        services.AddSingleton<ListAgents>();
        services.AddSingleton<CreateAgent>();
        services.AddSingleton<SeedAgent>();
        services.AddSingleton<UpdateAgent>();
        services.AddSingleton<SetPresence>();
        services.AddSingleton<ListTeams>();
        services.AddSingleton<CreateTeam>();
        services.AddSingleton<RenameTeam>();
        services.AddSingleton<DeleteTeam>();
        services.AddSingleton<AddMember>();
        services.AddSingleton<RemoveMember>();
        services.AddSingleton<ListNotifications>();
        services.AddSingleton<MarkNotificationRead>();
        return services;
    }
}
