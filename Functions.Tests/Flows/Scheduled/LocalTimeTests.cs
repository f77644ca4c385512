using Vellarys.Flows.Scheduled;
using Xunit;

namespace Vellarys.Tests.Flows.Scheduled;

public sealed class LocalTimeTests
{
    [Theory]
    [InlineData("2026-07-01T09:00", "2026-07-01T13:00:00Z")]
    [InlineData("2026-07-01T09:00:30", "2026-07-01T13:00:30Z")]
    [InlineData("2026-07-01T09:00:00-03:00", "2026-07-01T12:00:00Z")]
    [InlineData("2026-07-01T09:00:00Z", "2026-07-01T09:00:00Z")]
    [InlineData("2026-07-01T09:00:00.000", "2026-07-01T13:00:00Z")]
    [InlineData("2026-07-01T09:00:00.500-03:00", "2026-07-01T12:00:00.5Z")]
    // The clock goes from 2 to 3: what it skips is when it does.
    [InlineData("2026-03-08T02:30", "2026-03-08T07:00:00Z")]
    [InlineData("2026-03-08T02:30:15", "2026-03-08T07:00:00Z")]
    [InlineData("2026-03-08T03:00", "2026-03-08T07:00:00Z")]
    // The clock goes from 2 back to 1: the first of the two.
    [InlineData("2026-11-01T01:30", "2026-11-01T05:30:00Z")]
    public void Read_ATime_IsThatMoment(string text, string moment) => Assert.Equal(
        DateTimeOffset.Parse(moment, null),
        LocalTime.Read(text, TimeZoneInfo.FindSystemTimeZoneById("America/New_York")));

    [Theory]
    [InlineData("9999-12-31T23:59", "America/New_York")]
    [InlineData("0001-01-01T00:00", "Asia/Tokyo")]
    public void Read_TheEndsOfTheCalendar_AreSomeMoment(string text, string zone) =>
        Assert.NotNull(LocalTime.Read(text, TimeZoneInfo.FindSystemTimeZoneById(zone)));

    [Theory]
    [InlineData("amanhã")]
    [InlineData("")]
    [InlineData("2026-02-30T09:00")]
    [InlineData("09:00")]
    [InlineData("2026-07-01")]
    [InlineData("03/02/2027 10:00Z")]
    [InlineData("3 Feb 2027 10:00 +00:00")]
    public void Read_NoTime_IsNull(string text) => Assert.Null(LocalTime.Read(text, TimeZoneInfo.Utc));
}
