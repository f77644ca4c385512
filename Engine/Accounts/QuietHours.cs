using System.Globalization;

namespace Vellarys.Accounts;

/// <summary>When a tenant writes to nobody unasked; past midnight where it begins later than it ends.</summary>
/// <param name="Zone">In which the clock is read.</param>
internal sealed record QuietHours(TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    /// <param name="zone">A tenant's, as in <see cref="Tenant.TimeZone"/>; UTC where it is unknown.</param>
    public static QuietHours Of(string from, string until, string zone) => Of(
        from, until, TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found) ? found : TimeZoneInfo.Utc);

    /// <param name="from">As <c>20:00</c>; what is no time is midnight. None at all where both are the same.</param>
    public static QuietHours Of(string from, string until, TimeZoneInfo zone) => new(Clock(from), Clock(until), zone);

    /// <summary>The same time, or the end of the quiet hours that it falls in.</summary>
    public DateTimeOffset After(DateTimeOffset at)
    {
        if (From == Until) return at;
        DateTimeOffset here = TimeZoneInfo.ConvertTime(at, Zone);
        var time = TimeOnly.FromDateTime(here.DateTime);
        bool isQuiet = From < Until ? time >= From && time < Until : time >= From || time < Until;
        if (!isQuiet) return at;
        DateTime end = here.Date + Until.ToTimeSpan();
        if (time >= Until) end = end.AddDays(1);
        while (Zone.IsInvalidTime(end)) end = end.AddMinutes(30);
        return new DateTimeOffset(end, Zone.GetUtcOffset(end)).ToUniversalTime();
    }

    private static TimeOnly Clock(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time)
            ? time
            : TimeOnly.MinValue;
}
