using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Vellarys.Accounts.Platform;
using Vellarys.Accounts.Teams;
using Vellarys.Accounts.Users;
using Vellarys.Api.Description;
using Vellarys.Api.Idempotency;
using Vellarys.Api.Sandbox;
using Vellarys.Conversations.Contacts;
using Vellarys.Conversations.QuickReplies;
using Vellarys.Conversations.Inbox;
using Vellarys.Conversations.Ledger;
using Vellarys.Http;
using Vellarys.Onboarding;
using Vellarys.Operations;
using Vellarys.Storage;

namespace Vellarys.Api;

/// <summary>Registers what the HTTP surface itself needs.</summary>
internal static class ApiSetup
{
    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        ApiOptions options = configuration.GetSection(ApiOptions.Section).Get<ApiOptions>() ?? new();
        if (options.Key.Length == 0) options.Key = configuration["VELLARYS_API_KEY"] ?? "";
        if (options.PublicUrl.Length == 0) options.PublicUrl = configuration["PUBLIC_URL"] ?? "";
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0) throw new OptionsValidationException(ApiOptions.Section, typeof(ApiOptions), faults);

        services.AddSingleton(options);
        services.TryAddSingleton(provider => new BodyBudget(options, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<TenantReader>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<ListConversations>();
        services.AddSingleton<ReadConversation>();
        services.AddSingleton<ReadMessages>();
        services.AddSingleton<ListSandboxChannels>();
        services.AddSingleton<ReadTraffic>();
        return services.AddContacts().AddQuickReplies().AddDescription().AddTeams().AddUsers(configuration).AddSetUp()
            .AddOnboarding().AddDoctor(configuration);
    }

    /// <summary>Turns failures into problems and guards the endpoints. Goes before every other middleware.</summary>
    public static IApplicationBuilder UseApi(this IApplicationBuilder app) =>
        app.UseMiddleware<ProblemResponses>().UseMiddleware<HttpsOnly>().UseMiddleware<ApiAccess>()
            .UseMiddleware<CallRates>();
}
