using System.Text.Json;

namespace Vellarys.Accounts;

/// <summary>
/// When somebody is at work: opening hours on the clock of a time zone. The clock on the wall decides also when it is
/// put forward (what lies in the gap does not happen) or back (the hour that comes twice is open twice).
/// </summary>
public sealed class WorkingHours
{
    private const int MinutesPerDay = 24 * 60;
    private const int DaysToLook = 60;

    private readonly TimeZoneInfo _zone;
    private readonly List<Span>?[] _own;
    private readonly List<Span>?[] _tail;
    private readonly HashSet<DateOnly> _holidays;

    private WorkingHours(OpeningHours? hours, TimeZoneInfo zone)
    {
        IsAlways = hours is null;
        _zone = zone;
        (_own, _tail) = (new List<Span>?[7], new List<Span>?[7]);
        _holidays = [];
        if (hours is null) return;
        foreach (DayOfWeek day in Enum.GetValues<DayOfWeek>())
        {
            foreach ((int from, int until) in hours.On(day))
            {
                (_own[(int)day] ??= []).Add(new Span(from, Math.Min(until, MinutesPerDay)));
                if (until > MinutesPerDay) (_tail[(int)day] ??= []).Add(new Span(0, until - MinutesPerDay));
            }
        }

        foreach (string holiday in hours.Holidays)
        {
            if (OpeningHours.TryDate(holiday, out DateOnly date)) _holidays.Add(date);
        }
    }

    /// <summary>Open round the clock.</summary>
    public static WorkingHours Always { get; } = new(null, TimeZoneInfo.Utc);

    /// <summary>There are no hours to keep.</summary>
    public bool IsAlways { get; }

    /// <summary>Hours that are absent or cannot be read, and those of an unknown time zone, are always open.</summary>
    /// <param name="timeZone">Its IANA name, e.g. <c>America/Sao_Paulo</c>.</param>
    public static WorkingHours Of(OpeningHours? hours, string timeZone)
    {
        if (hours is null || hours.Fault() is not null) return Always;
        return TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out TimeZoneInfo? zone)
            ? new WorkingHours(hours, zone)
            : Always;
    }

    /// <summary>As <see cref="Of"/>, from JSON as it is stored with an agent.</summary>
    public static WorkingHours OfJson(string json, string timeZone)
    {
        try
        {
            return Of(StoredHours.Of(JsonElement.Parse(json)), timeZone);
        }
        catch (JsonException)
        {
            return Always;
        }
    }

    public bool IsOpen(DateTimeOffset at) => IsAlways || PieceAt(at).IsOpen;

    /// <summary>
    /// The next moment that is open, <paramref name="at"/> itself when it is; null when there is none within 60 days.
    /// </summary>
    public DateTimeOffset? NextOpening(DateTimeOffset at)
    {
        if (IsAlways) return at;
        DateTimeOffset last = at.AddDays(DaysToLook);
        for (DateTimeOffset moment = at; moment <= last;)
        {
            Piece piece = PieceAt(moment);
            if (piece.IsOpen) return moment;
            moment = piece.Until;
        }

        return null;
    }

    /// <summary>
    /// The moment at which so much working time has passed. Where nothing opens for 60 days, what is left is added as
    /// it is: a clock must end some day.
    /// </summary>
    public DateTimeOffset Add(DateTimeOffset from, TimeSpan workingTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workingTime, TimeSpan.Zero);
        DateTimeOffset moment = from;
        TimeSpan left = workingTime;
        while (!IsAlways && left > TimeSpan.Zero && NextOpening(moment) is { } open)
        {
            DateTimeOffset until = PieceAt(open).Until;
            if (until - open >= left) return open + left;
            left -= until - open;
            moment = until;
        }

        return moment + left;
    }

    /// <summary>What stays the same until something begins or ends, midnight comes, or the clock is put.</summary>
    private Piece PieceAt(DateTimeOffset at)
    {
        TimeSpan offset = _zone.GetUtcOffset(at);
        DateTimeOffset local = at.ToOffset(offset);
        TimeSpan time = local.TimeOfDay;
        bool isOpen = false;
        TimeSpan change = TimeSpan.FromDays(1);
        foreach (Span span in SpansOf(DateOnly.FromDateTime(local.DateTime)))
        {
            isOpen |= span.From <= time && time < span.Until;
            if (span.From > time && span.From < change) change = span.From;
            if (span.Until > time && span.Until < change) change = span.Until;
        }

        DateTimeOffset until = at + (change - time);
        return new Piece(isOpen, _zone.GetUtcOffset(until) == offset ? until : ClockPut(at, until, offset));
    }

    private List<Span> SpansOf(DateOnly date)
    {
        DateOnly before = date.AddDays(-1);
        List<Span>? own = _holidays.Contains(date) ? null : _own[(int)date.DayOfWeek];
        List<Span>? tail = _holidays.Contains(before) ? null : _tail[(int)before.DayOfWeek];
        return (own, tail) switch
        {
            (null, null) => [],
            (not null, null) => own,
            (null, not null) => tail,
            _ => [.. tail, .. own],
        };
    }

    /// <summary>When the clock is put, between a moment that has the old offset and one that has not.</summary>
    private DateTimeOffset ClockPut(DateTimeOffset before, DateTimeOffset after, TimeSpan offset)
    {
        (long low, long high) = (before.UtcTicks, after.UtcTicks);
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (_zone.GetUtcOffset(new DateTimeOffset(middle, TimeSpan.Zero)) == offset) low = middle;
            else high = middle;
        }

        return new DateTimeOffset(high, TimeSpan.Zero).ToOffset(before.Offset);
    }

    private readonly record struct Span(TimeSpan From, TimeSpan Until)
    {
        public Span(int from, int until)
            : this(TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(until))
        {
        }
    }

    private readonly record struct Piece(bool IsOpen, DateTimeOffset Until);
}
