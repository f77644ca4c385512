using System.Globalization;
using Vellarys.Accounts;
using Xunit;

namespace Vellarys.Tests.Accounts;

/// <summary>Random weeks in time zones that put their clocks, against a walk from minute to minute.</summary>
public sealed class WorkingHoursWalkTests
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    // A zone and a day near which its clock is put.
    private static readonly (string Zone, string Day)[] Places =
    [
        ("America/Sao_Paulo", "2018-11-04"), ("America/Sao_Paulo", "2018-02-18"), ("America/Sao_Paulo", "2026-07-01"),
        ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"), ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"), ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"), ("Asia/Kathmandu", "2026-05-05"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NextOpeningAndAdd_RandomWeeks_AgreeWithTheWalk(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 60; round++)
        {
            (string zone, string day) = Places[random.Next(Places.Length)];
            var near = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            OpeningHours week = Week(random, near);
            var hours = WorkingHours.Of(week, zone);
            var walk = new Walk(week, TimeZoneInfo.FindSystemTimeZoneById(zone));
            DateTimeOffset from = new DateTimeOffset(near, TimeOnly.MinValue, TimeSpan.Zero)
                .AddMinutes(random.Next(-3 * 1440, 3 * 1440));
            string place = $"seed {seed}, round {round}, {zone}, {from:O}";

            Assert.False(hours.IsAlways, place);
            Assert.True(walk.IsOpen(from) == hours.IsOpen(from), place);
            Assert.True(walk.NextOpening(from) == hours.NextOpening(from), place);
            int minutes = random.Next(1, 3_000);
            Assert.True(walk.Add(from, minutes) == hours.Add(from, TimeSpan.FromMinutes(minutes)), place);
        }
    }

    /// <summary>At least one day is open; intervals may touch, overlap, end at 24:00 or run past midnight.</summary>
    private static OpeningHours Week(Random random, DateOnly near)
    {
        int sure = random.Next(7);
        var days = new Dictionary<string, IReadOnlyList<string>>();
        for (int day = 0; day < 7; day++)
        {
            int count = day == sure ? random.Next(1, 4) : random.Next(4) - 1;
            if (count < 0) continue;
            days[Days[day]] = [.. Enumerable.Range(0, count).Select(_ => Interval(random))];
        }

        string[] holidays =
        [
            .. Enumerable.Range(0, random.Next(4)).Select(_ =>
                near.AddDays(random.Next(-4, 8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        ];
        return new OpeningHours { Days = days, Holidays = holidays };
    }

    private static string Interval(Random random)
    {
        // Mostly around the small hours, where clocks are put.
        int from = random.Next(random.Next(3) == 0 ? 1440 : 240);
        int until = random.Next(6) == 0 ? 1440 : (from + random.Next(1, random.Next(2) == 0 ? 120 : 1440)) % 1440;
        return until == from ? Interval(random) : $"{Text(from)}-{Text(until)}";
    }

    private static string Text(int minute) => $"{minute / 60:00}:{minute % 60:00}";

    /// <summary>Knows the rules only one minute at a time.</summary>
    private sealed class Walk(OpeningHours week, TimeZoneInfo zone)
    {
        private const int Limit = 60 * 1440;

        public bool IsOpen(DateTimeOffset at)
        {
            DateTime local = TimeZoneInfo.ConvertTime(at, zone).DateTime;
            int minute = (local.Hour * 60) + local.Minute;
            return Of(local).Any(i => i.From <= minute && (minute < i.Until || i.Until <= i.From))
                || Of(local.AddDays(-1)).Any(i => i.Until <= i.From && minute < i.Until);
        }

        public DateTimeOffset? NextOpening(DateTimeOffset at)
        {
            for (int minute = 0; minute <= Limit; minute++)
            {
                if (IsOpen(at.AddMinutes(minute))) return at.AddMinutes(minute);
            }

            return null;
        }

        public DateTimeOffset Add(DateTimeOffset from, int minutes)
        {
            for (DateTimeOffset at = from; ; at = at.AddMinutes(1))
            {
                if (IsOpen(at) && --minutes == 0) return at.AddMinutes(1);
            }
        }

        private IEnumerable<(int From, int Until)> Of(DateTime date)
        {
            if (week.Holidays.Contains(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))) return [];
            return week.Days!.GetValueOrDefault(Days[(int)date.DayOfWeek], [])
                .Select(i => i.Split('-'))
                .Select(i => (Minute(i[0]), Minute(i[1])));
        }

        private static int Minute(string text) => (Number(text[..2]) * 60) + Number(text[3..]);

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
