using Vellarys.Accounts;
using Vellarys.Flows.Campaign;
using Xunit;

namespace Vellarys.Tests.Flows.Campaign;

public sealed class CampaignFlowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Running_RoomLeft_ReleasesWhatTheNumberTakesInASecond() => Assert.Equal(
        new CampaignMove.Release(50, Noon), On(new() { StagePassed = true }, new(Noon, 900, 30, null)));

    [Fact]
    public void Running_NoRoom_LooksAgainSoon() => Assert.Equal(
        new CampaignMove.Wait(Noon.AddMilliseconds(250)), On(new() { StagePassed = true }, new(Noon, 900, 80, null)));

    [Fact]
    public void FirstStage_NotOut_ReleasesNoMoreThanItHas() => Assert.Equal(
        new CampaignMove.Release(10, Noon),
        On(new() { FirstStage = 100, Released = 90 }, new(Noon, 900, 0, null)));

    [Fact]
    public void FirstStage_Out_WaitsForWhatBecomesOfIt() => Assert.Equal(
        new CampaignMove.Wait(Noon.AddSeconds(5)),
        On(
            new()
            {
                FirstStage = 100, Released = 100, StageTime = TimeSpan.FromSeconds(15),
                LastReleaseAt = Noon.AddSeconds(-10),
            },
            new(Noon, 900, 0, new(0, 100, 0))));

    [Theory]
    [InlineData(10, "PassStage")]
    [InlineData(11, "Halt")]
    public void FirstStage_Over_GoesOnOrStops(int failed, string move) => Assert.Equal(
        move,
        On(
            new() { FirstStage = 100, Released = 100, LastReleaseAt = Noon, MaxFailurePercent = 10 },
            new(Noon, 900, 0, new(0, 100, failed))).GetType().Name);

    [Fact]
    public void FirstStage_SomeInDoubt_IsNotOver() => Assert.IsType<CampaignMove.Wait>(
        On(new() { FirstStage = 100, Released = 100 }, new(Noon, 900, 0, new(1, 99, 0))));

    [Fact]
    public void QuietHours_TakeBackWhatWaits()
    {
        var policy = new CampaignPolicy(QuietHours.Of("12:00", "13:00", "UTC"), 80, null);
        Assert.Equal(
            new CampaignMove.Wait(Noon.AddHours(1), TakesBack: true),
            CampaignFlow.On(new() { StagePassed = true }, new(Noon, 900, 30, null), policy));
    }

    [Fact]
    public void Start_InTheFuture_IsWaitedFor() => Assert.Equal(
        new CampaignMove.Wait(Noon.AddDays(1)),
        On(new() { StartsAt = Noon.AddDays(1) }, new(Noon, 900, 0, null)));

    [Fact]
    public void NobodyLeft_AllClaimed_IsTheEnd() =>
        Assert.Equal(new CampaignMove.Finish(), On(new(), new(Noon, 0, 0, null)));

    // Both nights have the clock go from 2 to 3, or from 2 back to 1.
    [Theory]
    [InlineData("2026-03-08T06:30:00Z", "02:30", "2026-03-08T07:00:00Z")]
    [InlineData("2026-11-01T05:00:00Z", "01:30", "2026-11-01T06:30:00Z")]
    [InlineData("2026-03-08T02:00:00Z", "08:00", "2026-03-08T12:00:00Z")]
    [InlineData("2026-11-01T02:00:00Z", "08:00", "2026-11-01T13:00:00Z")]
    public void QuietHours_OverAChangeOfTheClock_EndByTheLocalClock(string at, string until, string end) =>
        Assert.Equal(
            DateTimeOffset.Parse(end, null),
            QuietHours.Of("21:00", until, "America/New_York").After(DateTimeOffset.Parse(at, null)));

    private static CampaignMove On(CampaignState state, CampaignLook seen) =>
        CampaignFlow.On(state, seen, new CampaignPolicy(QuietHours.Of("00:00", "00:00", "UTC"), 80, null));
}
