using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vellarys.Assistant.Guard;
using Vellarys.Assistant.Model;

namespace Vellarys.Assistant;

/// <summary>Composes the assistant.</summary>
internal static class AssistantSetup
{
    /// <summary>
    /// Adds <see cref="IAssistant"/> and <see cref="IModelHealth"/>; needs the limits. Throws when the settings make no
    /// sense. A host with several instances replaces <see cref="ISharedCircuit"/>.
    /// </summary>
    public static IServiceCollection AddAssistant(this IServiceCollection services, IConfiguration configuration)
    {
        AssistantOptions options = AssistantOptions.From(configuration);
        string[] faults = [.. options.Faults().Select(fault => $"{AssistantOptions.Section}:{fault}")];
        if (faults.Length > 0)
            throw new OptionsValidationException(AssistantOptions.Section, typeof(AssistantOptions), faults);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<TurnGuard>();
        services.AddSingleton<TurnPrompt>();
        if (options.HasModel) services.AddSingleton<IModel, OpenAiModel>();
        services.TryAddSingleton<ISharedCircuit, UnsharedCircuit>();
        services.AddSingleton<QuotaExhaustion>();
        services.AddSingleton<ModelQuota>();
        services.AddSingleton(provider => new ResilientModel(
            provider.GetService<IModel>(), options, provider.GetRequiredService<ModelQuota>(),
            provider.GetRequiredService<ISharedCircuit>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ResilientModel>>()));
        services.AddSingleton<IModelHealth>(provider => provider.GetRequiredService<ResilientModel>());
        services.AddSingleton<IAssistant, GuardedAssistant>();
        return services;
    }
}
