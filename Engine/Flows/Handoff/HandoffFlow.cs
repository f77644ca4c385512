using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Handoff;

/// <summary>
/// From "a person is wanted" until one has finished, or nobody came. Pure. Whatever it does to the conversation comes
/// back to it as <see cref="ChargeChanged"/>, like everything that staff does.
/// </summary>
internal static class HandoffFlow
{
    public static Step<HandoffState> On(HandoffState state, HandoffEvent happened, HandoffPolicy policy) =>
        (state, happened) switch
        {
            (Over, _) => Stay(state),
            (Seeking or Offered, Cancelled) => new(
                new Over(), [new ReturnToBot(), .. LetGo(state), new End("cancelled")]),
            (_, Cancelled) => new(new Over(), [new End("cancelled")]),

            (Fresh, Raised e) => Seek(Open(e, policy), e.SeenAt, policy, []),
            (Fresh, _) => Stay(state),

            // The bot may have called again before this was seen.
            (_, ChargeChanged { Status: "bot" }) => new(
                new Over(), [.. LetGo(state), new End("returned"), new RaiseAgain()]),
            (_, ChargeChanged { Status: "closed" }) => new(new Over(), [.. LetGo(state), new End("closed")]),
            (_, ChargeChanged { Status: "human" } e) => Attend(state, e, policy),

            (Seeking s, ChargeChanged { Agent: { } agent } e) => Offer(s.Case, agent, e.SeenAt, policy),
            (Offered o, ChargeChanged { Agent: { } agent } e) when agent != o.Agent =>
                Offer(o.Case, agent, e.SeenAt, policy),
            (Attended a, ChargeChanged { Agent: null } e) => Seek(a.Case, e.SeenAt, policy, []),
            (Attended a, ChargeChanged { Agent: { } agent } e) => Offer(a.Case, agent, e.SeenAt, policy),

            // About an earlier request, it says nothing of this one.
            (Seeking s, NobodyFree e) when e.Escalated == s.Case.Escalated => Queue(s, e, policy),
            (Offered o, Declined e) when e.Agent == o.Agent => Pass(o, e.SeenAt, policy),
            (Seeking or Offered or Attended, Transferred e) => PassOn(state, e, policy),
            (Attended a, StaffReplied) => Wait(a with { Case = a.Case with { FirstResponse = null } }, []),
            (Seeking or Offered or Attended, Woke e) => Wake(state, e.SeenAt, policy),
            _ => Stay(state),
        };

    private static NotifySupervisors Unaccepted => new("nobody_accepts");

    private static Step<HandoffState> Stay(HandoffState state) => new(state, []);

    /// <summary>Whoever waits again later is told again how things stand, and may be offered to anybody.</summary>
    private static HandoffCase Anew(HandoffCase it) =>
        it with { Asked = [], Escalated = false, For = null, ToldBusy = false, ToldClosed = false };

    private static HandoffCase Open(Raised raised, HandoffPolicy policy) =>
        new(raised.Reason, raised.At, raised.Team ?? policy.Team(raised.Reason), policy.Skill(raised.Reason), null)
        {
            FirstResponse = policy.Clock(raised.At, policy.Settings.FirstResponseMinutes),
            Resolution = policy.Clock(raised.At, policy.Settings.ResolutionMinutes),
            // An automatic reply would answer whatever it is told.
            ToldBusy = raised.Reason == "loop",
            ToldClosed = raised.Reason == "loop",
        };

    /// <summary>Asks the dispatcher for a person; out of hours, tells the customer when there will be one.</summary>
    private static Step<HandoffState> Seek(
        HandoffCase it, DateTimeOffset now, HandoffPolicy policy, IReadOnlyList<FlowCommand> first)
    {
        if (policy.OpensAt(now) is { } opening)
        {
            FlowCommand[] told = it.ToldClosed || it.IsUnreachable ? [] : [new TellCustomer(opening, 0)];
            return Wait(new Seeking(it with { ToldClosed = true }, opening), [.. first, .. told]);
        }

        return Wait(new Seeking(it, now + policy.Retry), [.. first, Request(it)]);
    }

    private static SeekAgent Request(HandoffCase it) =>
        new(it.Reason, it.Since, it.Team, it.Skill, it.For, it.Escalated, it.Asked);

    private static Step<HandoffState> Offer(
        HandoffCase it, Guid agent, DateTimeOffset now, HandoffPolicy policy) =>
        Wait(
            new Offered(it, agent, now + policy.OfferFor),
            [new StopSeeking(), new NotifyAgent(agent, "handoff_offered")]);

    private static Step<HandoffState> Attend(HandoffState state, ChargeChanged e, HandoffPolicy policy)
    {
        if (state is Attended already) return Wait(already with { Agent = e.Agent ?? already.Agent }, []);
        HandoffCase it = Anew(CaseOf(state));
        // Whoever took it on the phone itself did so by answering.
        if (e.Agent is null) it = it with { FirstResponse = null };
        return Wait(new Attended(it, e.Agent), [new StopSeeking()]);
    }

    /// <summary>
    /// Nobody is left to ask: a supervisor. Everybody is busy, supervisors too: keeps the place, says so once, and may
    /// ask those again who let it pass.
    /// </summary>
    private static Step<HandoffState> Queue(Seeking s, NobodyFree e, HandoffPolicy policy)
    {
        if (!s.Case.Escalated && (e.Online == 0 || s.Case.Asked.Count > 0))
            return Seek(s.Case with { Escalated = true, For = null }, e.SeenAt, policy, [Unaccepted]);

        FlowCommand[] told = s.Case.ToldBusy || s.Case.IsUnreachable ? [] : [new TellCustomer(null, e.Place)];
        HandoffCase it = s.Case with { Asked = [], For = null, ToldBusy = true };
        return Wait(new Seeking(it, e.SeenAt + policy.Retry), told);
    }

    /// <summary>The person asked let it pass: the next one, and in the end a supervisor.</summary>
    private static Step<HandoffState> Pass(Offered o, DateTimeOffset now, HandoffPolicy policy)
    {
        HandoffCase it = o.Case with { Asked = [.. o.Case.Asked, o.Agent], For = null };
        FlowCommand[] first = [new WithdrawOffer(o.Agent)];
        if (it.Escalated || it.Asked.Count < policy.Settings.MaxOffers) return Seek(it, now, policy, first);
        return Seek(it with { Escalated = true }, now, policy, [.. first, Unaccepted]);
    }

    private static Step<HandoffState> PassOn(HandoffState state, Transferred e, HandoffPolicy policy)
    {
        HandoffCase it = Anew(CaseOf(state)) with
        {
            Team = e.Team, Skill = null, For = e.Agent,
            FirstResponse = policy.Clock(e.SeenAt, policy.Settings.FirstResponseMinutes),
        };
        return Seek(it, e.SeenAt, policy, state is Offered o ? [new WithdrawOffer(o.Agent)] : [new Release()]);
    }

    private static Step<HandoffState> Wake(HandoffState state, DateTimeOffset now, HandoffPolicy policy)
    {
        (HandoffCase it, List<FlowCommand> warnings) = Tick(CaseOf(state), now);
        Step<HandoffState> step = With(state, it) switch
        {
            Offered o when o.Until <= now => Pass(o, now, policy),
            Seeking s when now >= policy.GivesUpAt(s.Case.Since) => new(
                new Over(),
                [new NotifySupervisors("abandoned"), new ReturnToBot(), new StopSeeking(), new End("abandoned")]),
            Seeking s when s.AskAt <= now => Seek(s.Case, now, policy, []),
            var same => Wait(same, []),
        };
        return step with { Commands = [.. warnings, .. step.Commands] };
    }

    /// <summary>Warns before a promise is broken and when it is, each once.</summary>
    private static (HandoffCase Case, List<FlowCommand> Commands) Tick(HandoffCase it, DateTimeOffset now)
    {
        List<FlowCommand> commands = [];
        return (it with
        {
            FirstResponse = Tick(it.FirstResponse, "first_response", now, commands),
            Resolution = Tick(it.Resolution, "resolution", now, commands),
        }, commands);
    }

    private static SlaClock? Tick(SlaClock? clock, string name, DateTimeOffset now, List<FlowCommand> commands)
    {
        if (clock?.DueAt <= now)
        {
            commands.Add(new NotifySupervisors(name + "_breached"));
            return null;
        }

        if (clock?.WarnAt is not { } warn || warn > now) return clock;
        commands.Add(new NotifySupervisors(name + "_warning"));
        return clock with { WarnAt = null };
    }

    /// <summary>Every state says when it wants to be woken: the earliest of what it waits for.</summary>
    private static Step<HandoffState> Wait(HandoffState state, IReadOnlyList<FlowCommand> commands)
    {
        HandoffCase it = CaseOf(state);
        DateTimeOffset? own = state switch
        {
            Seeking s => s.AskAt,
            Offered o => o.Until,
            _ => null,
        };
        DateTimeOffset? next = new[] { own, it.FirstResponse?.Next, it.Resolution?.Next }.Min();
        return new(state, next is { } at ? [.. commands, new WakeAt(at)] : commands);
    }

    private static FlowCommand[] LetGo(HandoffState state) => state switch
    {
        Seeking => [new StopSeeking()],
        Offered o => [new WithdrawOffer(o.Agent)],
        _ => [],
    };

    private static HandoffCase CaseOf(HandoffState state) => state switch
    {
        Seeking s => s.Case,
        Offered o => o.Case,
        Attended a => a.Case,
        _ => throw new InvalidOperationException("No case yet."),
    };

    private static HandoffState With(HandoffState state, HandoffCase it) => state switch
    {
        Seeking s => s with { Case = it },
        Offered o => o with { Case = it },
        Attended a => a with { Case = it },
        _ => state,
    };
}
