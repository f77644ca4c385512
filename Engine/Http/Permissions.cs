using System.Reflection;

namespace Vellarys.Http;

/// <summary>
/// The fixed catalogue of permissions. A profile of a tenant is a set of these; those of the platform belong to its
/// administrators alone.
/// </summary>
internal static class Permissions
{
    public const string ReadConversations = "conversations.read";

    /// <summary>Take over, answer, give back, close; accept, decline and pass on who waits.</summary>
    public const string AnswerConversations = "conversations.answer";

    /// <summary>Contacts and leads.</summary>
    public const string ReadContacts = "contacts.read";

    /// <summary>Change what is kept of a contact, delete leads.</summary>
    public const string ManageContacts = "contacts.manage";

    public const string ReadCampaigns = "campaigns.read";

    /// <summary>Make, start, pause and cancel what is written to many.</summary>
    public const string ManageCampaigns = "campaigns.manage";

    public const string ReadTemplates = "templates.read";
    public const string ManageTemplates = "templates.manage";

    public const string ReadReports = "reports.read";
    public const string ReadTeams = "teams.read";
    public const string ManageTeams = "teams.manage";

    /// <summary>One's own presence and notifications.</summary>
    public const string BeAvailable = "presence.set";

    public const string ReadChannels = "channels.read";
    public const string ManageChannels = "channels.manage";
    public const string ReadSettings = "settings.read";
    public const string ManageSettings = "settings.manage";
    public const string ReadKnowledge = "knowledge.read";
    public const string ManageKnowledge = "knowledge.manage";
    public const string ReadWebhooks = "webhooks.read";
    public const string ManageWebhooks = "webhooks.manage";
    public const string ReadUsers = "users.read";
    public const string ManageUsers = "users.manage";
    public const string ManageKeys = "keys.manage";

    /// <summary>From where the tenant is reached, who of the platform may look into it, and the record of
    /// both.</summary>
    public const string ManageAccess = "access.manage";

    /// <summary>
    /// One's own account and sessions: everybody who signed in has it, a key never, and no profile names it.
    /// </summary>
    public const string OwnAccount = "account.own";

    public const string ReadFlows = "flows.read";
    public const string SteerFlows = "flows.steer";

    /// <summary>Queues, dead letters, jobs, what no number takes: of all tenants.</summary>
    public const string OperatePlatform = "platform.operate";

    /// <summary>Create, suspend and limit tenants; plans and licences.</summary>
    public const string ManageTenants = "platform.tenants";

    private const string PlatformPrefix = "platform.";

    /// <summary>The whole catalogue.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(Permissions).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal),
    ];

    /// <summary>Those that a tenant can give to its people and keys.</summary>
    public static IReadOnlyList<string> OfTenants { get; } =
        [.. All.Where(p => p != OwnAccount && !p.StartsWith(PlatformPrefix, StringComparison.Ordinal))];

    /// <summary>Those of the platform's administrators.</summary>
    public static IReadOnlyList<string> OfPlatform { get; } =
        [.. All.Where(p => p.StartsWith(PlatformPrefix, StringComparison.Ordinal))];
}
