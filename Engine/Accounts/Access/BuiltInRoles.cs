using System.Collections.Frozen;
using Vellarys.Http;

namespace Vellarys.Accounts.Access;

/// <summary>What the three roles may do where no profile says otherwise.</summary>
internal static class BuiltInRoles
{
    public const string Admin = "admin";
    public const string Supervisor = "supervisor";
    public const string Atendente = "atendente";

    /// <summary>Of the platform's people while a tenant lets them look: everything is seen, nothing is
    /// changed.</summary>
    public const string Support = "support";

    public static readonly string[] Names = [Admin, Supervisor, Atendente];

    private static readonly FrozenSet<string> Reading =
        [.. Permissions.OfTenants.Where(p => p.EndsWith(".read", StringComparison.Ordinal))];

    private static readonly FrozenDictionary<string, FrozenSet<string>> Sets =
        new Dictionary<string, FrozenSet<string>>
        {
            [Admin] = [.. Permissions.OfTenants],
            [Supervisor] =
            [
                .. Reading, Permissions.AnswerConversations, Permissions.ManageTeams, Permissions.BeAvailable,
                Permissions.SteerFlows, Permissions.ManageKnowledge, Permissions.ManageContacts,
                Permissions.ManageCampaigns,
            ],
            [Atendente] =
            [
                Permissions.ReadConversations, Permissions.AnswerConversations, Permissions.ReadTeams,
                Permissions.BeAvailable, Permissions.ReadKnowledge, Permissions.ReadContacts,
            ],
            [Support] = Reading,
        }.ToFrozenDictionary();

    /// <summary>None for a role that there is not.</summary>
    public static FrozenSet<string> PermissionsOf(string? role) =>
        role is not null && Sets.TryGetValue(role, out FrozenSet<string>? set) ? set : [];

    /// <summary>A profile takes the place of the role's own set; what the catalogue has no longer is nothing.</summary>
    public static FrozenSet<string> PermissionsOf(string role, IEnumerable<string>? profile) =>
        profile is null ? PermissionsOf(role) : [.. profile.Where(Permissions.OfTenants.Contains)];
}
