using Microsoft.Extensions.DependencyInjection;

namespace Vellarys.Conversations.QuickReplies;

internal static class QuickRepliesSetup
{
    public static IServiceCollection AddQuickReplies(this IServiceCollection services) =>
        services.AddSingleton<QuickReplyStore>();
}
