using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Secrets;

/// <summary>Registers what seals secrets for storage.</summary>
internal static class SecretsSetup
{
    public static IServiceCollection AddSecrets(this IServiceCollection services, IConfiguration configuration)
    {
        MasterKeys keys = EncryptionOptions.Read(configuration, out EncryptionOptions options);
        services.AddSingleton(options);
        services.AddSingleton(new SecretBox(keys, options.Seal));
        return services;
    }
}
