using System.Globalization;
using System.Resources;
using Vellarys.Accounts;

namespace Vellarys.Flows.Handoff;

/// <summary>What customers read while they wait for a person.</summary>
internal static class HandoffTexts
{
    private static readonly ResourceManager Resources =
        new("Vellarys.Flows.Handoff.HandoffTexts", typeof(HandoffTexts).Assembly);

    public static string Of(TellCustomer tell, DateTimeOffset now, Tenant tenant)
    {
        CultureInfo culture = Cultures.Of(tenant.Locale);
        if (tell.OpensAt is not { } opens)
            return string.Format(culture, Text("Busy", culture), tell.Place);
        TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(tenant.TimeZone, out TimeZoneInfo? found)
            ? found
            : TimeZoneInfo.Utc;
        DateTimeOffset here = TimeZoneInfo.ConvertTime(opens, zone);
        int days = (here.Date - TimeZoneInfo.ConvertTime(now, zone).Date).Days;
        string day = days switch
        {
            0 => Text("Today", culture),
            1 => Text("Tomorrow", culture),
            _ => here.ToString(Text("Day", culture), culture),
        };
        return string.Format(culture, Text("Closed", culture), day, here.ToString("HH:mm", culture));
    }

    /// <summary>What an agent reads on their own phone: nothing of the customer.</summary>
    public static string Notice(string kind, string locale) => Text(kind, Cultures.Of(locale));

    private static string Text(string key, CultureInfo culture) =>
        Resources.GetString(key, culture) ?? Resources.GetString("Other", culture)!;
}
