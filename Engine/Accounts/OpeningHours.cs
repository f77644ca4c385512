using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Accounts;

/// <summary>
/// Opening hours as they are written down, e.g.
/// <c>{"days":{"mon":["08:00-12:00","13:00-18:00"],"fri":["22:00-02:00"]},"holidays":["2026-12-25"]}</c>. Read in a
/// time zone they become <see cref="WorkingHours"/>.
/// </summary>
public sealed record OpeningHours
{
    private const int MaxIntervals = 24;
    private const int MaxHolidays = 1_000;
    private const int MinutesPerDay = 24 * 60;

    /// <summary>In the order of <see cref="DayOfWeek"/>.</summary>
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>
    /// Intervals by day (<c>mon</c> to <c>sun</c>), from and until a time of the clock on the wall. A day that is
    /// absent or empty is closed. <c>24:00</c> ends a day; an interval that ends before it begins runs past midnight.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Days { get; set; }

    /// <summary>
    /// Dates (<c>2026-12-25</c>) on which nothing begins; what began the evening before still ends. Default none.
    /// </summary>
    public IReadOnlyList<string> Holidays { get; set; } = [];

    /// <summary>What is wrong; null when nothing is.</summary>
    internal HoursFault? Fault()
    {
        if (Days is null) return new HoursFault("days", "is required");
        foreach ((string day, IReadOnlyList<string>? intervals) in Days)
        {
            if (!DayNames.Contains(day)) return new HoursFault("days", "must have keys among mon to sun only");
            if (intervals is null) return new HoursFault($"days.{day}", "must be a list of intervals");
            if (intervals.Count > MaxIntervals)
                return new HoursFault($"days.{day}", $"must have at most {MaxIntervals} intervals");
            for (int i = 0; i < intervals.Count; i++)
            {
                if (!TryInterval(intervals[i], out _))
                    return new HoursFault($"days.{day}[{i}]", "must be an interval such as 08:00-12:00");
            }
        }

        return HolidaysFault();
    }

    /// <summary>The minutes that an interval of a day is open; past midnight the end lies beyond the day.</summary>
    internal IEnumerable<(int From, int Until)> On(DayOfWeek day)
    {
        IReadOnlyList<string> intervals = Days!.GetValueOrDefault(DayNames[(int)day], []);
        foreach (string interval in intervals)
        {
            if (TryInterval(interval, out (int From, int Until) minutes)) yield return minutes;
        }
    }

    internal static bool TryDate(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private HoursFault? HolidaysFault()
    {
        if (Holidays is null) return new HoursFault("holidays", "must be a list of dates");
        if (Holidays.Count > MaxHolidays)
            return new HoursFault("holidays", $"must have at most {MaxHolidays} dates");
        for (int i = 0; i < Holidays.Count; i++)
        {
            if (!TryDate(Holidays[i], out _))
                return new HoursFault($"holidays[{i}]", "must be a date such as 2026-12-25");
        }

        return null;
    }

    private static bool TryInterval(string? text, out (int From, int Until) minutes)
    {
        minutes = default;
        if (text is not { Length: 11 } || text[5] != '-') return false;
        if (!TryMinute(text.AsSpan(0, 5), out int from) || !TryMinute(text.AsSpan(6), out int until)) return false;
        if (from == until || from == MinutesPerDay) return false;
        minutes = (from, until > from ? until : until + MinutesPerDay);
        return true;
    }

    /// <summary>Of <c>08:30</c>; <c>24:00</c> is the end of the day.</summary>
    private static bool TryMinute(ReadOnlySpan<char> text, out int minute)
    {
        minute = 0;
        if (text[2] != ':') return false;
        if (!int.TryParse(text[..2], NumberStyles.None, CultureInfo.InvariantCulture, out int hours)) return false;
        if (!int.TryParse(text[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int rest)) return false;
        minute = hours * 60 + rest;
        return rest < 60 && minute <= MinutesPerDay;
    }
}

/// <summary>What is wrong with hours.</summary>
/// <param name="Field">Within the hours, e.g. <c>days.mon[0]</c>.</param>
internal sealed record HoursFault(string Field, string Reason);
