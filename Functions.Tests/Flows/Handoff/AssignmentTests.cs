using Vellarys.Accounts;
using Vellarys.Flows.Handoff.Dispatch;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

public sealed class AssignmentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TwoHundredForTen_AreSharedEvenly()
    {
        AvailableAgent[] agents = [.. Enumerable.Range(0, 10).Select(_ => Agent(capacity: 25))];
        HandoffRequest[] queue = [.. Enumerable.Range(0, 200).Select(_ => Request())];
        IReadOnlyList<Pick> picks = Assignment.Match(queue, agents, Noon);
        Assert.Equal(200, picks.Count);
        Assert.All(picks.GroupBy(p => p.Agent), g => Assert.Equal(20, g.Count()));
    }

    [Fact]
    public void Request_TeamSkillAndExclusion_AreKept()
    {
        Guid sales = Ids.New(TimeProvider.System);
        AvailableAgent wrongTeam = Agent(), noSkill = Agent(teams: [sales]);
        AvailableAgent excluded = Agent(teams: [sales], skills: ["francês"]);
        AvailableAgent right = Agent(load: 4, teams: [sales], skills: ["Francês"]);
        Pick pick = Assert.Single(Assignment.Match(
            [Request(team: sales, skill: "francês", excluded: [excluded.Id])], [wrongTeam, noSkill, excluded, right],
            Noon));
        Assert.Equal(right.Id, pick.Agent);
    }

    [Fact]
    public void Request_ForAPerson_GoesToNobodyElse()
    {
        AvailableAgent free = Agent(), busy = Agent(load: 5);
        Assert.Empty(Assignment.Match([Request(to: busy.Id)], [free, busy], Noon));
    }

    [Fact]
    public void AnyQueue_NobodyIsOverCapacityAndOrderHolds()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            AvailableAgent[] agents =
            [
                .. Enumerable.Range(0, random.Next(1, 8))
                    .Select(_ => Agent(capacity: random.Next(0, 6), load: random.Next(0, 6))),
            ];
            HandoffRequest[] queue = [.. Enumerable.Range(0, random.Next(0, 30)).Select(_ => Request())];
            IReadOnlyList<Pick> picks = Assignment.Match(queue, agents, Noon);

            Assert.Equal(picks.Count, picks.Select(p => p.Request.Flow).Distinct().Count());
            Assert.All(agents, a => Assert.True(
                picks.Count(p => p.Agent == a.Id) <= Math.Max(0, a.Capacity - a.Load)));
            // All alike: whoever came first is served first, and nobody waits while there is room.
            Assert.Equal(queue.Take(picks.Count).Select(r => r.Flow), picks.Select(p => p.Request.Flow));
            Assert.Equal(Math.Min(queue.Length, agents.Sum(a => Math.Max(0, a.Capacity - a.Load))), picks.Count);
        }
    }

    [Fact]
    public void EqualLoads_TheLongestIdleGoesFirst()
    {
        AvailableAgent rested = Agent(last: Noon.AddHours(-2)), busyJustNow = Agent(last: Noon);
        Assert.Equal(
            rested.Id, Assert.Single(Assignment.Match([Request()], [busyJustNow, rested], Noon)).Agent);
    }

    private static HandoffRequest Request(
        Guid? team = null, Guid? to = null, string? skill = null, params Guid[] excluded) =>
        new(Ids.New(TimeProvider.System), Ids.New(TimeProvider.System), team, to, skill, false, excluded, false);

    private static AvailableAgent Agent(
        int capacity = 5, int load = 0, DateTimeOffset last = default, string[]? skills = null, Guid[]? teams = null) =>
        new(Ids.New(TimeProvider.System), false, capacity, load, last, skills ?? [], teams ?? [], WorkingHours.Always);
}
