using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Jobs;

namespace Vellarys.Learning;

/// <summary>Registers the learning job.</summary>
internal static class LearningSetup
{
    public static IServiceCollection AddLearning(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(LearningOptions.Read(configuration));
        return services.AddSingleton<IJob, LearnFromConversations>();
    }
}
