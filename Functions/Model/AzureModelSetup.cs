using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vellarys.Assistant.Model.Chat;

namespace Vellarys.Functions.Model;

/// <summary>Azure OpenAI, where the settings name it.</summary>
internal static class AzureModelSetup
{
    private const string Provider = "Assistant:Provider";

    /// <summary>
    /// Before the engine. A resource in <c>AZURE_OPENAI_ENDPOINT</c> is reached by Azure's own wire format, and by this
    /// app's identity where there is no key.
    /// </summary>
    public static IServiceCollection AddAzureModel(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["AZURE_OPENAI_ENDPOINT"] is { Length: > 0 } endpoint)
        {
            // The engine's own adapter speaks to /openai/v1.
            if (!AzureEndpoint.IsV1(endpoint) && !IsSet(configuration, Provider))
                configuration[Provider] = "azure";
            bool hasKey = IsSet(configuration, "AZURE_OPENAI_API_KEY") || IsSet(configuration, "Assistant:ApiKey");
            if (!hasKey && !IsSet(configuration, "Assistant:UseIdentity"))
                configuration["Assistant:UseIdentity"] = "true";
        }

        if (IsAzure(configuration)) services.AddSingleton<IModelAdapter, AzureOpenAiAdapter>();
        return services;
    }

    /// <exception cref="OptionsValidationException">The version is none that the adapter speaks.</exception>
    public static void RequireApiVersion(IConfiguration configuration)
    {
        if (IsAzure(configuration) && configuration["Assistant:ApiVersion"] is { Length: > 0 } version)
            AzureApiVersion.Of(version);
    }

    private static bool IsAzure(IConfiguration configuration) =>
        string.Equals(configuration[Provider], "azure", StringComparison.OrdinalIgnoreCase);

    private static bool IsSet(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 };
}
