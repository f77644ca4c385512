using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Onboarding;

internal static class OnboardingSetup
{
    /// <summary>How a company goes live.</summary>
    public static IServiceCollection AddOnboarding(this IServiceCollection services)
    {
        services.AddSingleton<SetUpTenant>();
        services.AddSingleton<SetUpChannel>();
        services.AddSingleton<SetUpWebhook>();
        services.AddSingleton<SetUpPeople>();
        services.AddSingleton<ReadWatch>();
        services.AddSingleton<RunOnboarding>();
        return services;
    }
}
