using System.Net.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Accounts.Oidc;

internal static class OidcSetup
{
    private const int MostBytes = 1_048_576;

    public static IServiceCollection AddOidc(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(OidcOptions.Read(configuration));
        services.AddHttpClient(OidcDocuments.HttpClientName, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = MostBytes;
        }).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            // A redirect would take the client's secret elsewhere.
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        services.AddSingleton<OidcDocuments>();
        services.AddSingleton<OidcIssuer>();
        services.AddSingleton<OidcTickets>();
        services.AddSingleton<ExchangeCode>();
        services.AddSingleton<ReadIdToken>();
        services.AddSingleton<UserIdentities>();
        services.AddSingleton<SignInAtIssuer>();
        return services;
    }
}
