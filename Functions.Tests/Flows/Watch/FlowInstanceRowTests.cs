using Vellarys.Flows.Watch;
using Xunit;

namespace Vellarys.Tests.Flows.Watch;

/// <summary>What does not fit between a flow's row and its instance.</summary>
public sealed class FlowInstanceRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("running", -6, 0, 6, "no_progress")]
    [InlineData("pending", -6, 0, 6, "no_progress")]
    [InlineData("running", null, 1, 6, "no_progress")]
    [InlineData("running", -6, 0, 4, null)]
    [InlineData("running", -4, 0, 6, null)]
    [InlineData("running", null, 0, 9_000, null)]
    [InlineData("suspended", null, 0, 1, "suspended")]
    [InlineData("failed", null, 0, 1, "not_running")]
    [InlineData("terminated", null, 0, 1, "not_running")]
    [InlineData("completed", null, 0, 1, "not_running")]
    public void Open_FlowAndInstance_AreCompared(
        string status, int? wakesInMinutes, int restarts, int quietForMinutes, string? finding)
    {
        DateTime? wakeAt = wakesInMinutes is { } minutes ? Now.UtcDateTime.AddMinutes(minutes) : null;
        FlowListRow flow = new() { WakeAt = wakeAt, Restarts = restarts };

        Assert.Equal(finding, FlowInstanceRow.Of(flow, Instance(status, quietForMinutes), Now).Finding);
    }

    [Theory]
    [InlineData("running", 6, "left_over")]
    [InlineData("suspended", 6, "left_over")]
    [InlineData("running", 4, null)]
    [InlineData("completed", 6, null)]
    public void Ended_FlowAndInstance_AreCompared(string status, int quietForMinutes, string? finding)
    {
        FlowListRow flow = new() { EndedAt = Now.UtcDateTime.AddHours(-1) };

        Assert.Equal(finding, FlowInstanceRow.Of(flow, Instance(status, quietForMinutes), Now).Finding);
    }

    [Fact]
    public void Missing_Instance_IsAFindingWhileTheFlowRuns()
    {
        FlowListRow ended = new() { EndedAt = Now.UtcDateTime };

        Assert.Equal(new FlowInstanceRow("missing", "not_running"), FlowInstanceRow.Of(new FlowListRow(), null, Now));
        Assert.Equal(new FlowInstanceRow("missing", null), FlowInstanceRow.Of(ended, null, Now));
    }

    private static FlowInstance Instance(string status, int quietForMinutes) => new(
        "id", status, status is "running" or "pending" or "suspended", Now.AddDays(-8),
        Now.AddMinutes(-quietForMinutes), null);
}
