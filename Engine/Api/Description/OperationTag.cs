namespace Vellarys.Api.Description;

/// <summary>The groups of the API, by the first part of an address.</summary>
internal sealed record OperationTag(string Name, string Description)
{
    private static readonly OperationTag Auth = new("auth", "Who one is: signing in, sessions, the second factor.");
    private static readonly OperationTag Users = new(
        "users", "Who may do what: users, profiles, keys, agents and teams, from where the tenant is reached.");

    private static readonly OperationTag Conversations = new(
        "conversations", "Conversations, their messages, who waits for a person, what became of each message.");

    private static readonly OperationTag Campaigns = new(
        "campaigns", "Writing to many at once: who, with what, and what became of each.");

    private static readonly OperationTag WhatsApp = new(
        "whatsapp", "Numbers at their providers, and what those send.");

    private static readonly OperationTag Dashboard = new("dashboard", "Health, reports and live events.");
    private static readonly OperationTag Settings = new("settings", "What a tenant sets for its assistant.");
    private static readonly OperationTag Webhooks = new("webhooks", "What the tenant's own systems hear of.");
    private static readonly OperationTag Platform = new(
        "platform", "Companies, plans, queues and jobs: for those who run the installation.");

    private static readonly OperationTag Pages = new("pages", "For browsers.");

    public static IReadOnlyList<OperationTag> All { get; } =
        [Auth, Users, Conversations, Campaigns, WhatsApp, Dashboard, Settings, Webhooks, Platform, Pages];

    public static OperationTag Of(string path)
    {
        const string Root = "/api/v1/";
        if (path.StartsWith("/api/whatsapp/", StringComparison.Ordinal)) return WhatsApp;
        if (path.StartsWith("/api/campanhas", StringComparison.Ordinal)) return Campaigns;
        if (path.StartsWith("/health", StringComparison.Ordinal)) return Dashboard;
        if (!path.StartsWith(Root, StringComparison.Ordinal)) return Pages;
        string[] parts = path[Root.Length..].Split('/');
        return parts[0] switch
        {
            "auth" => Auth,
            "users" or "permissions" or "profiles" or "api-keys" or "access" or "agents" or "teams" => Users,
            "conversations" or "contacts" or "leads" or "handoffs" or "deliveries" or "custody"
                or "quick-replies" => Conversations,
            "channels" or "webhooks" or "provider-events" or "sandbox" => WhatsApp,
            "events" or "surveys" => Dashboard,
            "operations" => parts is [_, "flows", ..] ? Dashboard : Platform,
            "settings" or "prompts" => Settings,
            "campaigns" or "templates" or "scheduled-messages" => Campaigns,
            "webhook-endpoints" => Webhooks,
            "tenants" or "plans" => Platform,
            _ => Pages,
        };
    }
}
