using System.ClientModel.Primitives;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Storage;

namespace Vellarys.Functions.Identity;

/// <summary>
/// Who this app is to the services around it: its managed identity in Azure, whoever is signed in on a desk. Keys are
/// used only where the settings hold one.
/// </summary>
internal static class HostIdentity
{
    public static IServiceCollection AddHostIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(Credential(configuration));
        services.AddSingleton<IDatabaseTokens, DatabaseTokens>();
        services.AddSingleton(provider => new ModelTokens(provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<AuthenticationPolicy>(provider =>
            new BearerTokenPolicy(provider.GetRequiredService<ModelTokens>(), ModelTokens.Scope));
        return services;
    }

    private static TokenCredential Credential(IConfiguration configuration)
    {
        // AZURE_CLIENT_ID names the user-assigned identity; the deployment sets it.
        string? client = configuration["AZURE_CLIENT_ID"];
        return string.IsNullOrEmpty(client)
            ? new DefaultAzureCredential()
            : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client));
    }
}
