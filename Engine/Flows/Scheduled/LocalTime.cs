using System.Globalization;

namespace Vellarys.Flows.Scheduled;

/// <summary>
/// A time as somebody writes it. Without an offset it is the tenant's own clock: a time that the clock skips is the
/// moment at which it does, one that it shows twice is the first of the two.
/// </summary>
internal static class LocalTime
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>Null for what is no time.</summary>
    public static DateTimeOffset? Read(string text, TimeZoneInfo zone)
    {
        if (DateTime.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
            return Of(local, zone);
        const DateTimeStyles Kept = DateTimeStyles.RoundtripKind;
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, Kept, out DateTime any)
            || any.Kind == DateTimeKind.Unspecified)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Kept, out DateTimeOffset exact)
            ? exact.ToUniversalTime()
            : null;
    }

    private static DateTimeOffset Of(DateTime local, TimeZoneInfo zone)
    {
        // The first minute that there is; clocks change at whole minutes.
        while (zone.IsInvalidTime(local)) local = local.AddSeconds(60 - local.Second);
        TimeSpan offset = zone.IsAmbiguousTime(local)
            ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
