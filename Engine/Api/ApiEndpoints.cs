using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Keys;
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
using Vellarys.Channels.Setup;
using Vellarys.Channels.Stops;
using Vellarys.Conversations.Contacts;
using Vellarys.Conversations.Inbox;
using Vellarys.Conversations.Ledger;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Database.Pool;
using Vellarys.Flows.Handoff.Agents;
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

        ITenantDirectory tenants = routes.ServiceProvider.GetRequiredService<ITenantDirectory>();
        RouteGroupBuilder api = routes.MapGroup("/api/v1");
        api.AddEndpointFilter((invocation, next) => RequestTenant.ResolveAsync(invocation, next, tenants));
        api.AddEndpointFilter<RouteGroupBuilder, IdempotencyFilter>().WithMetadata(new Idempotent());
        api.MapConversations();
        api.MapContacts();
        api.MapLeads();
        api.MapLedger();
        api.MapProviderEvents();
        api.MapChannels();
        api.MapChannelSetup();
        api.MapSettings();
        api.MapPrompts();
        api.MapKnowledge();
        api.MapDeliveries();
        api.MapAgents();
        api.MapTeams();
        RouteGroupBuilder accounts = api.MapGroup("");
        accounts.AddEndpointFilter(RecordAccountEvent.FilterAsync);
        accounts.MapUsers();
        accounts.MapProfiles();
        accounts.MapApiKeys();
        accounts.MapReach();
        api.MapHandoffs();
        api.MapFlows();
        api.MapEvents();
        api.MapSurveys();
        api.MapSandboxChannels();
        api.MapWebhookEndpoints();

        RouteGroupBuilder people = routes.MapGroup("/api/v1");
        people.MapSignIn();
        people.MapSessions();
        people.MapSecondFactor();

        RouteGroupBuilder platform = routes.MapGroup("/api/v1");
        platform.MapTenants();
        platform.MapPlans();
        platform.MapLicences();
        platform.MapOnboarding();
        platform.MapDoctor();
        platform.MapQueues();
        platform.MapJobs();
        platform.MapUnrouted();
        routes.MapSandboxPage();
    }
}
