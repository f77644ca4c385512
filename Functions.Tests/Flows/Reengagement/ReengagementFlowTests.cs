using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Reengagement;
using Xunit;

namespace Vellarys.Tests.Flows.Reengagement;

public sealed class ReengagementFlowTests
{
    // A Monday, 10:00 in São Paulo.
    private static readonly DateTimeOffset Ten = new(2026, 3, 2, 13, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");

    private static readonly ReengagementPolicy Policy = With(Stage(240), Stage(1200), Stage(4320, "volte"));

    [Fact]
    public void Fresh_WentSilent_PlansTheFirstStage()
    {
        Step<ReengagementState> step = Begin(Policy);
        Assert.Equal(Ten.AddHours(4), Assert.IsType<Silent>(step.State).DueAt);
        Assert.Empty(step.Commands.OfType<Nudge>());
    }

    [Fact]
    public void Silent_DueInsideTheWindow_WritesFreeText()
    {
        Step<ReengagementState> step = Woke(Begin(Policy).State, Ten.AddHours(4), Policy);
        Assert.Equal(new Nudge(0, null, null, Ten), Assert.Single(step.Commands.OfType<Nudge>()));
    }

    [Fact]
    public void Silent_WokenEarly_WritesNothing() =>
        Assert.Empty(Woke(Begin(Policy).State, Ten.AddHours(3), Policy).Commands.OfType<Nudge>());

    [Fact]
    public void Silent_QuietHours_WaitsForTheMorning()
    {
        ReengagementPolicy policy = With(Stage(11 * 60));
        Step<ReengagementState> step = Begin(policy);
        // 21:00 is quiet: eight o'clock the next day, which is 11:00 UTC.
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 11, 0, 0, TimeSpan.Zero), Assert.IsType<Silent>(step.State).DueAt);
    }

    [Fact]
    public void Silent_OutsideTheWindow_OnlyATemplateIsSent()
    {
        ReengagementPolicy policy = With(Stage(4320), Stage(10080, "volte"));
        List<Nudge> sent = Play(policy, out string outcome);
        Assert.Equal(["volte"], sent.Select(n => n.Template));
        Assert.Equal("lost", outcome);
    }

    [Fact]
    public void Silent_MonthIsFull_WritesNothingAndEndsAsLost()
    {
        Step<ReengagementState> step = ReengagementFlow.On(
            new Fresh(), new WentSilent(Ten, 4) { At = Ten, SeenAt = Ten }, Policy);
        Assert.Empty(Play(step.State, Policy, out string outcome));
        Assert.Equal("lost", outcome);
    }

    [Fact]
    public void Silent_CustomerWroteAfterANudge_IsRecovered()
    {
        HashSet<string> outcomes = [];
        ReengagementState nudged = Woke(Begin(Policy).State, Ten.AddHours(4), Policy).State;
        outcomes.Add(Outcome(On(nudged, new CustomerWrote(false), Policy)));
        outcomes.Add(Outcome(On(Begin(Policy).State, new CustomerWrote(false), Policy)));
        outcomes.Add(Outcome(On(nudged, new CustomerWrote(true), Policy)));
        outcomes.Add(Outcome(On(nudged, new ChargeChanged("human"), Policy)));
        Assert.Equal(["recovered", "not_needed", "opted_out", "left_to_human"], outcomes);
    }

    [Fact]
    public void WokenMuchTooLate_StagesKeepTheirDistance()
    {
        ReengagementPolicy policy = With(Stage(60), Stage(120), Stage(180));
        ReengagementState state = Woke(Begin(policy).State, Ten.AddHours(5), policy).State;
        Assert.True(Assert.IsType<Silent>(state).DueAt >= Ten.AddHours(6));
    }

    [Fact]
    public void AnyHistory_EndsAndWritesNoStageTwice()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            ReengagementPolicy policy = With([.. Enumerable.Range(0, random.Next(0, 5)).Select(
                i => Stage(random.Next(10, 4_000) + i * 1_000, random.Next(2) == 0 ? "t" : null))]);
            ReengagementState state = Begin(policy).State;
            DateTimeOffset now = Ten;
            List<int> stages = [];
            for (int i = 0; i < 200 && state is Silent silent; i++)
            {
                // Early, late, doubled.
                now = random.Next(3) == 0 ? now : silent.DueAt + TimeSpan.FromMinutes(random.Next(-30, 3_000));
                ReengagementEvent happened = random.Next(40) switch
                {
                    0 => new CustomerWrote(random.Next(2) == 0),
                    1 => new ChargeChanged("bot"),
                    2 => new WentSilent(now, 0),
                    _ => new Woke(),
                };
                Step<ReengagementState> step = On(state, happened with { At = now, SeenAt = now }, policy);
                stages.AddRange(step.Commands.OfType<Nudge>().Select(n => n.Stage));
                if (step.State is Over) Assert.Single(step.Commands.OfType<End>());
                state = step.State;
            }

            Assert.IsType<Over>(state);
            Assert.Equal(stages.Distinct().Order(), stages);
            Assert.True(stages.Count <= policy.Settings.MaxPerMonth);
        }
    }

    private static ReengagementStage Stage(int minutes, string? template = null) =>
        new() { AfterMinutes = minutes, Template = template };

    private static ReengagementPolicy With(params ReengagementStage[] stages) =>
        new(new ReengagementSettings { Enabled = true, Stages = stages }, Zone);

    private static Step<ReengagementState> Begin(ReengagementPolicy policy) =>
        On(new Fresh(), new WentSilent(Ten, 0) { At = Ten, SeenAt = Ten }, policy);

    private static Step<ReengagementState> On(
        ReengagementState state, ReengagementEvent happened, ReengagementPolicy policy) =>
        ReengagementFlow.On(state, happened, policy);

    private static Step<ReengagementState> Woke(
        ReengagementState state, DateTimeOffset at, ReengagementPolicy policy) =>
        On(state, new Woke { At = at, SeenAt = at }, policy);

    private static List<Nudge> Play(ReengagementPolicy policy, out string outcome) =>
        Play(Begin(policy).State, policy, out outcome);

    private static List<Nudge> Play(ReengagementState state, ReengagementPolicy policy, out string outcome)
    {
        List<Nudge> sent = [];
        outcome = "";
        while (state is Silent silent)
        {
            Step<ReengagementState> step = Woke(silent, silent.DueAt, policy);
            sent.AddRange(step.Commands.OfType<Nudge>());
            if (step.State is Over) outcome = Outcome(step);
            state = step.State;
        }

        return sent;
    }

    private static string Outcome(Step<ReengagementState> step) =>
        Assert.Single(step.Commands.OfType<End>()).Outcome;
}
