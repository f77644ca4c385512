using Vellarys.Accounts;
using Vellarys.Flows.Handoff;
using Vellarys.Flows.Kernel;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

public sealed class HandoffFlowTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 15, 0, 0, TimeSpan.Zero);
    private static readonly Guid Ana = new("00000000-0000-7000-8000-0000000000a1");
    private static readonly Guid Bia = new("00000000-0000-7000-8000-0000000000b2");
    private static readonly HandoffPolicy Policy = new(new HandoffSettings(), WorkingHours.Always);

    [Fact]
    public void Fresh_Raised_SeeksWithBothClocksRunning()
    {
        Step<HandoffState> step = After(At(new Raised("customer_asked", null), Noon));
        var seeking = Assert.IsType<Seeking>(step.State);
        Assert.Equal(Noon.AddMinutes(4), seeking.Case.FirstResponse!.WarnAt);
        Assert.Equal(Noon.AddMinutes(480), seeking.Case.Resolution!.DueAt);
        Assert.Single(step.Commands.OfType<SeekAgent>());
        Assert.Equal(Noon.AddSeconds(60), Wake(step));
    }

    [Theory]
    [InlineData("undelivered", 0)]
    [InlineData("number_given_up", 0)]
    [InlineData("customer_asked", 1)]
    public void Fresh_RaisedWhileClosed_TellsOnlyACustomerWhoCanBeReached(string reason, int told)
    {
        Step<HandoffState> step = HandoffFlow.On(
            new Fresh(), At(new Raised(reason, null), Noon), HandoffSamples.Closed);
        var seeking = Assert.IsType<Seeking>(step.State);
        Assert.Equal(told, step.Commands.OfType<TellCustomer>().Count());
        Assert.Equal(seeking.AskAt, Wake(step));

        step = On(step.State, At(new NobodyFree(1, 2, false), Noon));
        Assert.Equal(told, step.Commands.OfType<TellCustomer>().Count());
    }

    [Fact]
    public void Seeking_PersonNamed_OffersForAMinute()
    {
        Step<HandoffState> step = After(Raised(), Named(Ana));
        Assert.Equal(Ana, Assert.IsType<Offered>(step.State).Agent);
        Assert.Equal(new NotifyAgent(Ana, "handoff_offered"), Assert.Single(step.Commands.OfType<NotifyAgent>()));
        Assert.Equal(Noon.AddSeconds(60), Wake(step));
    }

    [Fact]
    public void Offered_TimeIsUp_AsksTheNextAndNotTheSame()
    {
        Step<HandoffState> step = After(Raised(), Named(Ana), At(new Woke(), Noon.AddSeconds(60)));
        Assert.IsType<Seeking>(step.State);
        Assert.Equal([Ana], Assert.Single(step.Commands.OfType<SeekAgent>()).Except);
        Assert.Equal(new WithdrawOffer(Ana), step.Commands[0]);
    }

    [Fact]
    public void Offered_WokenEarly_KeepsTheOffer() =>
        Assert.IsType<Offered>(After(Raised(), Named(Ana), At(new Woke(), Noon.AddSeconds(59))).State);

    [Fact]
    public void Offered_ThirdRefusal_CallsASupervisor()
    {
        HandoffState state = After(Raised()).State;
        Step<HandoffState> step = null!;
        foreach (Guid agent in new[] { Ana, Bia, Guid.AllBitsSet })
        {
            state = On(state, Named(agent)).State;
            step = On(state, At(new Declined(agent), Noon));
            state = step.State;
        }

        Assert.Contains(new NotifySupervisors("nobody_accepts"), step.Commands);
        Assert.True(Assert.Single(step.Commands.OfType<SeekAgent>()).Supervisor);
    }

    [Fact]
    public void Seeking_NobodyFree_TellsTheCustomerOnceAndKeepsThePlace()
    {
        Step<HandoffState> first = After(Raised(), At(new NobodyFree(3, 2, false), Noon));
        Assert.Equal(new TellCustomer(null, 3), Assert.Single(first.Commands.OfType<TellCustomer>()));
        Step<HandoffState> second = On(first.State, At(new NobodyFree(2, 2, false), Noon.AddMinutes(1)));
        Assert.Empty(second.Commands.OfType<TellCustomer>());
        Assert.Equal(Noon, Assert.IsType<Seeking>(second.State).Case.Since);
    }

    [Fact]
    public void Seeking_DeclinedByWhoWasNotAsked_StaysAsItIs()
    {
        Step<HandoffState> before = After(Raised(), Named(Ana));
        Assert.Empty(On(before.State, At(new Declined(Bia), Noon)).Commands);
    }

    [Fact]
    public void Attended_StaffReplied_TheFirstClockStops()
    {
        Step<HandoffState> step = After(
            Raised(), Charge("human", Ana), At(new StaffReplied(), Noon), At(new Woke(), Noon.AddHours(1)));
        Assert.Null(Assert.IsType<Attended>(step.State).Case.FirstResponse);
        Assert.Empty(step.Commands.OfType<NotifySupervisors>());
    }

    [Fact]
    public void Attended_NobodyReplies_WarnsOnceThenReportsTheBreachOnce()
    {
        HandoffState state = After(Raised(), Charge("human", Ana)).State;
        List<string> told = [];
        for (int minute = 1; minute <= 20; minute++)
        {
            Step<HandoffState> step = On(state, At(new Woke(), Noon.AddMinutes(minute)));
            told.AddRange(step.Commands.OfType<NotifySupervisors>().Select(n => n.Kind));
            state = step.State;
        }

        Assert.Equal(["first_response_warning", "first_response_breached"], told);
    }

    [Fact]
    public void Attended_Transferred_WaitsForThatPersonAndTheBotStaysSilent()
    {
        Step<HandoffState> step = After(Raised(), Charge("human", Ana), At(new Transferred(null, Bia), Noon));
        Assert.Equal(Bia, Assert.IsType<Seeking>(step.State).Case.For);
        Assert.Contains(new Release(), step.Commands);
        Assert.Empty(step.Commands.OfType<ReturnToBot>());
    }

    [Theory]
    [InlineData("bot", "returned")]
    [InlineData("closed", "closed")]
    public void Attended_GivenBackOrClosed_Ends(string status, string outcome)
    {
        Step<HandoffState> step = After(Raised(), Charge("human", Ana), Charge(status, null));
        Assert.Equal(new End(outcome), Assert.Single(step.Commands.OfType<End>()));
        Assert.Empty(On(step.State, Raised()).Commands);
    }

    [Fact]
    public void Seeking_NobodyForThreeDays_ReturnsToTheBotVisibly()
    {
        Step<HandoffState> step = After(Raised(), At(new Woke(), Noon.AddHours(72)));
        Assert.Contains(new ReturnToBot(), step.Commands);
        Assert.Contains(new NotifySupervisors("abandoned"), step.Commands);
        Assert.Contains(new End("abandoned"), step.Commands);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, false)]
    public void Seeking_NobodyFree_EscalatesOnlyWhenNobodyIsThere(int online, bool escalates)
    {
        Step<HandoffState> step = After(Raised(), At(new NobodyFree(1, online, false), Noon));
        Assert.Equal(escalates, step.Commands.OfType<SeekAgent>().Any(c => c.Supervisor));
        Assert.Equal(!escalates, step.Commands.OfType<TellCustomer>().Any());
    }

    [Fact]
    public void Seeking_AllWhoCouldBeAskedRefused_ASupervisorIsAskedBeforeTheQueue()
    {
        Step<HandoffState> step = After(
            Raised(), Named(Ana), At(new Declined(Ana), Noon), At(new NobodyFree(1, 1, false), Noon));
        Assert.True(Assert.Single(step.Commands.OfType<SeekAgent>()).Supervisor);
    }

    [Fact]
    public void Seeking_OverALongHoliday_IsServedAndNotAbandonedWhenTheHouseOpens()
    {
        var policy = new HandoffPolicy(new HandoffSettings(), WorkingHours.OfJson(
            """{"days":{"mon":["08:00-18:00"],"fri":["08:00-18:00"]}}""", "America/Sao_Paulo"));
        DateTimeOffset friday = new(2026, 3, 6, 23, 0, 0, TimeSpan.Zero);
        Step<HandoffState> raised = HandoffFlow.On(
            new Fresh(), At(new Raised("customer_asked", null), friday), policy);
        DateTimeOffset monday = Wake(raised);
        Step<HandoffState> step = HandoffFlow.On(raised.State, At(new Woke(), monday), policy);
        Assert.Single(step.Commands.OfType<SeekAgent>());
    }

    private static HandoffEvent Raised() => At(new Raised("customer_asked", null), Noon);

    private static HandoffEvent Named(Guid agent) => Charge("waiting", agent);

    private static HandoffEvent Charge(string status, Guid? agent) => At(new ChargeChanged(status, agent), Noon);

    private static Step<HandoffState> On(HandoffState state, HandoffEvent happened) =>
        HandoffFlow.On(state, happened, Policy);

    private static Step<HandoffState> After(params HandoffEvent[] events)
    {
        Step<HandoffState> step = new(new Fresh(), []);
        foreach (HandoffEvent happened in events) step = On(step.State, happened);
        return step;
    }

    private static DateTimeOffset Wake(Step<HandoffState> step) => step.Commands.OfType<WakeAt>().Last().At;

    private static HandoffEvent At(HandoffEvent happened, DateTimeOffset at) =>
        happened with { At = at, SeenAt = at };
}
