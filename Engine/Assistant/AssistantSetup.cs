using System.ClientModel.Primitives;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vellarys.Assistant.Guard;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Model.Chat;

namespace Vellarys.Assistant;

/// <summary>Composes the assistant.</summary>
internal static class AssistantSetup
{
    /// <summary>
    /// Adds <see cref="IAssistant"/> and <see cref="IModelHealth"/>; needs the limits. Throws when the settings make no
    /// sense. A host with several instances replaces <see cref="ISharedCircuit"/>; one that can reach Azure's wire
    /// format, or has an identity, adds <see cref="IModelAdapter"/> and <see cref="AuthenticationPolicy"/> before.
    /// </summary>
    public static IServiceCollection AddAssistant(this IServiceCollection services, IConfiguration configuration)
    {
        AssistantOptions options = AssistantOptions.From(configuration);
        string[] faults =
        [
            .. options.Faults().Concat(Missing(options, services))
                .Select(fault => $"{AssistantOptions.Section}:{fault}"),
        ];
        if (faults.Length > 0)
            throw new OptionsValidationException(AssistantOptions.Section, typeof(AssistantOptions), faults);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<TurnGuard>();
        services.AddSingleton<TurnPrompt>();
        if (!options.IsAzure)
        {
            services.AddSingleton<IModelAdapter>(provider =>
                new OpenAiAdapter(provider.GetService<AuthenticationPolicy>()));
        }

        if (options.HasModel) services.AddSingleton<IModel, ChatModel>();
        services.TryAddSingleton<ISharedCircuit, UnsharedCircuit>();
        services.AddSingleton<QuotaExhaustion>();
        services.AddSingleton<QuotaUse>();
        services.AddSingleton<ModelQuota>();
        services.AddSingleton(provider => new ResilientModel(
            provider.GetService<IModel>(), options, provider.GetRequiredService<ModelQuota>(),
            provider.GetRequiredService<ISharedCircuit>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ResilientModel>>()));
        services.AddSingleton<IModelHealth>(provider => provider.GetRequiredService<ResilientModel>());
        services.AddSingleton<IAssistant, GuardedAssistant>();
        return services;
    }

    // What the settings want of the host, and it has not.
    private static IEnumerable<string> Missing(AssistantOptions options, IServiceCollection services)
    {
        if (options.IsAzure && !services.Any(s => s.ServiceType == typeof(IModelAdapter)))
        {
            yield return $"{nameof(AssistantOptions.Provider)}: this host has no adapter for azure; with openai it "
                + "reaches Azure OpenAI at the resource's /openai/v1";
        }

        if (options.UseIdentity && !services.Any(s => s.ServiceType == typeof(AuthenticationPolicy)))
            yield return $"{nameof(AssistantOptions.UseIdentity)}: this host has no identity; give it a key";
    }
}
