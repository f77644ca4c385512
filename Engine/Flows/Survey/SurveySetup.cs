using Microsoft.Extensions.DependencyInjection;
using Vellarys.Caching;
using Vellarys.Conversations.Answering;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;

namespace Vellarys.Flows.Survey;

/// <summary>Registers the survey after a conversation.</summary>
internal static class SurveySetup
{
    public static IServiceCollection AddSurvey(this IServiceCollection services)
    {
        services.AddCaching();
        services.AddSingleton<IFlow, SurveyEffects>();
        services.AddSingleton<IReplyInterceptor, SurveyInterceptor>();
        services.AddSingleton<IMessageHandler, StartSurvey>();
        services.AddSingleton<SurveyResults>();
        return services;
    }
}
