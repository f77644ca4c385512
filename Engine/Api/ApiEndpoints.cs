using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Keys;
using Vellarys.Accounts.Oidc;
using Vellarys.Accounts.Platform;
using Vellarys.Accounts.Profiles;
using Vellarys.Accounts.Prompts;
using Vellarys.Accounts.Reach;
using Vellarys.Accounts.Sessions;
using Vellarys.Accounts.Settings;
using Vellarys.Accounts.Teams;
using Vellarys.Accounts.Users;
using Vellarys.Api.Description;
using Vellarys.Api.Idempotency;
using Vellarys.Api.Sandbox;
using Vellarys.Channels.Media;
using Vellarys.Channels.Setup;
using Vellarys.Channels.Stops;
using Vellarys.Channels.Templates;
using Vellarys.Conversations.Contacts;
using Vellarys.Conversations.Inbox;
using Vellarys.Conversations.Ledger;
using Vellarys.Conversations.Plans;
using Vellarys.Conversations.QuickReplies;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Database.Pool;
using Vellarys.Flows.Campaign.Planning;
using Vellarys.Flows.Handoff.Agents;
using Vellarys.Flows.Scheduled;
using Vellarys.Flows.Survey;
using Vellarys.Flows.Watch;
using Vellarys.Health;
using Vellarys.Http;
using Vellarys.Intake.Unrouted;
using Vellarys.Jobs;
using Vellarys.Knowledge;
using Vellarys.Messaging.Admin;
using Vellarys.Onboarding;
using Vellarys.Operations;
using Vellarys.Realtime;
using Vellarys.Webhooks.Endpoints;

namespace Vellarys.Api;

/// <summary>The HTTP surface: what is open to all, what works for a tenant, what operates the
/// platform, and the pages.</summary>
internal static class ApiEndpoints
{
    /// <summary>
    /// Maps every endpoint but the webhooks, which a host may serve apart. Goes with <see cref="ApiSetup.UseApi"/>,
    /// which guards what is not marked open.
    /// </summary>
    public static void MapApi(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);

        RouteGroupBuilder open = routes.MapGroup("").WithMetadata(new OpenToAll());
        open.MapHealth();
        open.MapPoolHealth();
        open.MapIndex();
        open.MapDescription();
        open.MapSetupPage();
        open.MapMediaLinks();

        ITenantDirectory tenants = routes.ServiceProvider.GetRequiredService<ITenantDirectory>();
        RouteGroupBuilder api = routes.MapGroup("/api/v1");
        api.AddEndpointFilter((invocation, next) => RequestTenant.ResolveAsync(invocation, next, tenants));
        api.AddEndpointFilter<RouteGroupBuilder, IdempotencyFilter>().WithMetadata(new Idempotent());
        api.MapConversations();
        api.MapLedger();
        api.MapProviderEvents();
        api.MapPlanUsage();
        api.MapDeliveries();
        api.MapAgents();
        RouteGroupBuilder recorded = api.MapGroup("").RecordedForTenant();
        recorded.MapUsers();
        recorded.MapProfiles();
        recorded.MapApiKeys();
        recorded.MapReach();
        recorded.MapChannels();
        recorded.MapChannelSetup();
        recorded.MapFlows();
        recorded.MapSettings();
        recorded.MapPrompts();
        recorded.MapKnowledge();
        recorded.MapTeams();
        recorded.MapContacts();
        recorded.MapLeads();
        recorded.MapWebhookEndpoints();
        recorded.MapCampaigns();
        recorded.MapTemplates();
        recorded.MapScheduled();
        recorded.MapQuickReplies();
        api.MapHandoffs();
        api.MapEvents();
        api.MapSurveys();
        api.MapMedia();
        api.MapSandboxChannels();

        RouteGroupBuilder old = routes.MapGroup("/api");
        old.AddEndpointFilter((invocation, next) => RequestTenant.ResolveAsync(invocation, next, tenants));
        old.AddEndpointFilter<RouteGroupBuilder, IdempotencyFilter>().WithMetadata(new Idempotent());
        old.MapGroup("").RecordedForTenant().MapCampanhas();

        RouteGroupBuilder people = routes.MapGroup("/api/v1");
        people.MapSignIn();
        people.MapOidc();
        people.MapSessions();
        people.MapSecondFactor();

        RouteGroupBuilder platform = routes.MapGroup("/api/v1").RecordedForPlatform();
        platform.MapTenants();
        platform.MapTenantUsage();
        platform.MapPlans();
        platform.MapLicences();
        platform.MapPlatformEvents();
        platform.MapOnboarding();
        platform.MapDoctor();
        platform.MapQueues();
        platform.MapJobs();
        platform.MapUnrouted();
        routes.MapSandboxPage();
    }
}
