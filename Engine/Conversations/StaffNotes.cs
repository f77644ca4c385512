using System.Globalization;
using System.Resources;

namespace Vellarys.Conversations;

/// <summary>Lines between the messages that only staff reads, in the tenant's language.</summary>
internal static class StaffNotes
{
    private static readonly ResourceManager Resources =
        new("Vellarys.Conversations.StaffNotes", typeof(StaffNotes).Assembly);

    /// <param name="about">
    /// <c>loop</c>, <c>number_changed</c>, <c>user_id_changed</c> or <c>owner_changed</c>.
    /// </param>
    public static string Of(string about, string locale) => Resources.GetString(about, Culture(locale)) ?? "";

    private static CultureInfo Culture(string locale) => CultureInfo.GetCultureInfo(
        locale.StartsWith("es", StringComparison.OrdinalIgnoreCase) ? "es"
        : locale.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en"
        : "pt-BR");
}
