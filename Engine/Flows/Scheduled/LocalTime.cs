using System.Globalization;

namespace Vellarys.Flows.Scheduled;

/// <summary>
/// A time as somebody writes it. Without an offset it is the tenant's own clock: a time that the clock skips is the
/// moment at which it does, one that it shows twice is the first of the two.
/// </summary>
internal static class LocalTime
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"];

    private static readonly string[] Exact = [.. Formats.Select(f => f + "K")];

    // No zone is further from UTC, and nobody means the ends of the calendar.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(2);

    /// <summary>Null for what is no time.</summary>
    public static DateTimeOffset? Read(string text, TimeZoneInfo zone)
    {
        if (DateTime.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
            return Of(local, zone);
        return DateTimeOffset.TryParseExact(
            text, Exact, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset exact)
                ? exact.ToUniversalTime()
                : null;
    }

    private static DateTimeOffset Of(DateTime local, TimeZoneInfo zone)
    {
        if (local > DateTime.MaxValue - Furthest) local -= Furthest;
        if (local < DateTime.MinValue + Furthest) local += Furthest;
        // The first minute that there is; clocks change at whole minutes.
        while (zone.IsInvalidTime(local)) local = local.AddSeconds(60 - local.Second);
        TimeSpan offset = zone.IsAmbiguousTime(local)
            ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
