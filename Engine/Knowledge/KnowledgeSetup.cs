using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Vellarys.Knowledge;

/// <summary>Composes the knowledge base.</summary>
internal static class KnowledgeSetup
{
    public static IServiceCollection AddKnowledge(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AddDocument>();
        services.AddSingleton<Documents>();
        return services;
    }
}
