using System.Globalization;
using System.Text.Json;
using Vellarys.Accounts;
using Xunit;

namespace Vellarys.Tests.Accounts;

public sealed class WorkingHoursTests
{
    private const string SaoPaulo = "America/Sao_Paulo";

    // 2026-11-16 is a Monday; São Paulo is at -03:00 all year.
    private const string Office =
        """
        {"days":{"mon":["08:00-12:00","13:00-18:00"],"tue":["08:00-12:00","13:00-18:00"],"wed":["08:00-18:00"],
                 "thu":[],"fri":["22:00-02:00"],"sun":["18:00-24:00"]},
         "holidays":["2026-11-17","2026-11-27"]}
        """;

    [Theory]
    [InlineData("2026-11-16T08:00-03:00", true)]
    [InlineData("2026-11-16T07:59:59.9-03:00", false)]
    [InlineData("2026-11-16T11:00Z", true)]
    [InlineData("2026-11-16T12:00-03:00", false)]
    [InlineData("2026-11-16T17:59:59.9-03:00", true)]
    [InlineData("2026-11-16T18:00-03:00", false)]
    [InlineData("2026-11-17T09:00-03:00", false)]
    [InlineData("2026-11-19T09:00-03:00", false)]
    [InlineData("2026-11-20T23:00-03:00", true)]
    [InlineData("2026-11-21T01:59-03:00", true)]
    [InlineData("2026-11-21T02:00-03:00", false)]
    [InlineData("2026-11-22T23:59-03:00", true)]
    [InlineData("2026-11-23T00:00-03:00", false)]
    [InlineData("2026-11-27T23:00-03:00", false)]
    [InlineData("2026-11-28T01:00-03:00", false)]
    public void IsOpen_ByTheClockOnTheWall(string at, bool expected) =>
        Assert.Equal(expected, Hours(Office).IsOpen(At(at)));

    [Theory]
    [InlineData("2026-11-16T09:30:15-03:00", "2026-11-16T09:30:15-03:00")]
    [InlineData("2026-11-16T12:30-03:00", "2026-11-16T13:00-03:00")]
    [InlineData("2026-11-16T18:00-03:00", "2026-11-18T08:00-03:00")]
    [InlineData("2026-11-18T18:00-03:00", "2026-11-20T22:00-03:00")]
    [InlineData("2026-11-21T05:00Z", "2026-11-22T18:00-03:00")]
    [InlineData("2026-11-26T00:00-03:00", "2026-11-29T18:00-03:00")]
    public void NextOpening_IsTheFirstOpenMoment(string at, string expected) =>
        Assert.Equal(At(expected), Hours(Office).NextOpening(At(at)));

    [Theory]
    [InlineData("2026-11-16T10:00-03:00", 0, "2026-11-16T10:00-03:00")]
    [InlineData("2026-11-16T06:00-03:00", 0, "2026-11-16T06:00-03:00")]
    [InlineData("2026-11-16T10:00-03:00", 60, "2026-11-16T11:00-03:00")]
    [InlineData("2026-11-16T10:00-03:00", 120, "2026-11-16T12:00-03:00")]
    [InlineData("2026-11-16T10:00-03:00", 121, "2026-11-16T13:01-03:00")]
    [InlineData("2026-11-16T17:30-03:00", 60, "2026-11-18T08:30-03:00")]
    [InlineData("2026-11-20T21:00-03:00", 200, "2026-11-21T01:20-03:00")]
    [InlineData("2026-11-20T21:00-03:00", 241, "2026-11-22T18:01-03:00")]
    public void Add_CountsOnlyWorkingTime(string from, int minutes, string expected) =>
        Assert.Equal(At(expected), Hours(Office).Add(At(from), TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void HolidayAfterANight_TheNightStillEnds()
    {
        WorkingHours hours = Hours("""{"days":{"fri":["22:00-02:00"]},"holidays":["2026-11-21"]}""");
        Assert.True(hours.IsOpen(At("2026-11-21T01:00-03:00")));
        Assert.Equal(At("2026-11-27T22:00-03:00"), hours.NextOpening(At("2026-11-21T02:00-03:00")));
    }

    [Theory]
    // New York, 2026-03-08: from 02:00 straight to 03:00.
    [InlineData("02:15-02:45", "2026-03-08T00:00-05:00", "2026-03-09T02:15-04:00")]
    [InlineData("01:00-04:00", "2026-03-08T01:59-05:00", "2026-03-08T01:59-05:00")]
    [InlineData("02:30-04:00", "2026-03-08T01:00-05:00", "2026-03-08T03:00-04:00")]
    // 2026-11-01: from 02:00 back to 01:00.
    [InlineData("01:30-02:00", "2026-11-01T01:00-04:00", "2026-11-01T01:30-04:00")]
    [InlineData("01:30-02:00", "2026-11-01T01:00-05:00", "2026-11-01T01:30-05:00")]
    [InlineData("01:30-02:00", "2026-11-01T02:00-05:00", "2026-11-02T01:30-05:00")]
    public void ClockPut_TheWallClockDecides(string interval, string at, string expected)
    {
        string[] days = ["sun", "mon"];
        WorkingHours hours = WorkingHours.Of(
            new OpeningHours { Days = days.ToDictionary(d => d, _ => (IReadOnlyList<string>)[interval]) },
            "America/New_York");
        Assert.Equal(At(expected), hours.NextOpening(At(at)));
    }

    [Fact]
    public void Add_OverPutClocks_CountsRealTime()
    {
        const string nights = """{"days":{"sat":["22:00-06:00"]}}""";
        WorkingHours hours = Hours(nights, "America/New_York");
        // Seven hours in spring, nine in autumn.
        Assert.Equal(
            At("2026-03-08T06:00-04:00"), hours.Add(At("2026-03-07T22:00-05:00"), TimeSpan.FromHours(7)));
        Assert.Equal(
            At("2026-11-01T06:00-05:00"), hours.Add(At("2026-10-31T22:00-04:00"), TimeSpan.FromHours(9)));
    }

    [Fact]
    public void NeverOpen_HasNoOpeningAndClocksRunOn()
    {
        WorkingHours hours = Hours("""{"days":{"mon":[]}}""");
        DateTimeOffset at = At("2026-11-16T10:00Z");
        Assert.False(hours.IsOpen(at));
        Assert.Null(hours.NextOpening(at));
        Assert.Equal(at.AddMinutes(5), hours.Add(at, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void NoHours_AreAlwaysOpen()
    {
        DateTimeOffset at = At("2026-11-16T03:00Z");
        WorkingHours[] all =
        [
            WorkingHours.Always, WorkingHours.Of(null, SaoPaulo), WorkingHours.Of(new OpeningHours(), SaoPaulo),
            Hours(Office, "Mars/Olympus"), WorkingHours.OfJson("[5", SaoPaulo), WorkingHours.OfJson("5", SaoPaulo),
            WorkingHours.OfJson("null", SaoPaulo), WorkingHours.OfJson("""{"days":{"mon":["8-9"]}}""", SaoPaulo),
        ];
        foreach (WorkingHours hours in all)
        {
            Assert.True(hours.IsAlways && hours.IsOpen(at));
            Assert.Equal(at, hours.NextOpening(at));
            Assert.Equal(at.AddHours(90), hours.Add(at, TimeSpan.FromHours(90)));
        }
    }

    [Fact]
    public void WholeDays_AddLikeTheCalendar()
    {
        var days = "mon tue wed thu fri sat sun".Split(' ')
            .ToDictionary(d => d, _ => (IReadOnlyList<string>)["00:00-24:00"]);
        var hours = WorkingHours.Of(new OpeningHours { Days = days }, "Europe/Berlin");
        DateTimeOffset at = At("2026-03-27T10:11:12Z");
        Assert.Equal(at.AddDays(300), hours.Add(at, TimeSpan.FromDays(300)));
        Assert.Equal(at, hours.NextOpening(at));
    }

    [Fact]
    public void Add_NegativeTime_IsABug() => Assert.Throws<ArgumentOutOfRangeException>(
        () => Hours(Office).Add(At("2026-11-16T10:00Z"), TimeSpan.FromTicks(-1)));

    [Theory]
    [InlineData("{}", "days")]
    [InlineData("""{"days":null}""", "days")]
    [InlineData("""{"days":{"monday":[]}}""", "days")]
    [InlineData("""{"days":{"mon":null}}""", "days.mon")]
    [InlineData("""{"days":{"mon":[null]}}""", "days.mon[0]")]
    [InlineData("""{"days":{"mon":["08:00-12:00","13:00 18:00"]}}""", "days.mon[1]")]
    [InlineData("""{"days":{"mon":["08:00-08:00"]}}""", "days.mon[0]")]
    [InlineData("""{"days":{"mon":["08:00-24:01"]}}""", "days.mon[0]")]
    [InlineData("""{"days":{"mon":["24:00-08:00"]}}""", "days.mon[0]")]
    [InlineData("""{"days":{"mon":["08:60-12:00"]}}""", "days.mon[0]")]
    [InlineData("""{"days":{"mon":["+8:00-12:00"]}}""", "days.mon[0]")]
    [InlineData("""{"days":{"mon":["8:00-12:00"]}}""", "days.mon[0]")]
    [InlineData("""{"days":{},"holidays":["2026-02-29"]}""", "holidays[0]")]
    [InlineData("""{"days":{},"holidays":["2026-12-25","25/12/2026"]}""", "holidays[1]")]
    public void Fault_WrongHours_IsNamed(string json, string field) => Assert.Equal(field, Read(json).Fault()?.Field);

    [Fact]
    public void Fault_RightHours_IsNone() => Assert.Null(Read(Office).Fault());

    private static OpeningHours Read(string json) =>
        JsonSerializer.Deserialize(json, TenantJson.Default.OpeningHours)!;

    private static WorkingHours Hours(string json, string zone = SaoPaulo) => WorkingHours.Of(Read(json), zone);

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
