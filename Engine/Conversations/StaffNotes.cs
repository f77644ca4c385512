using System.Resources;
using Vellarys.Accounts;

namespace Vellarys.Conversations;

/// <summary>Lines between the messages that only staff reads, in the tenant's language.</summary>
internal static class StaffNotes
{
    private static readonly ResourceManager Resources =
        new("Vellarys.Conversations.StaffNotes", typeof(StaffNotes).Assembly);

    /// <param name="about">
    /// <c>loop</c>, <c>number_changed</c>, <c>user_id_changed</c> or <c>owner_changed</c>.
    /// </param>
    public static string Of(string about, string locale) => Resources.GetString(about, Cultures.Of(locale)) ?? "";
}
