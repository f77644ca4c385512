using Vellarys.Accounts;

namespace Vellarys.Flows.Kernel;

/// <summary>One event that waits to be applied, as stored.</summary>
internal sealed record FlowSignal(Guid Id, string Body, DateTimeOffset At);

/// <summary>A flow as it stands in its row.</summary>
internal sealed record FlowRow(
    FlowId Id, string Name, ConversationId Conversation, Guid Contact, string? State, int Version,
    FlowListens Listens, DateTimeOffset? WakeAt, bool Ended);

/// <summary>An event that was applied, and what came of it.</summary>
internal sealed record AppliedEvent(FlowSignal Signal, string State, IReadOnlyList<string> Commands);

/// <summary>What an advance does to a flow.</summary>
internal sealed record FlowAdvance(
    FlowRow Row, string StateName, string? Outcome, IReadOnlyList<AppliedEvent> Applied,
    IReadOnlyList<FlowCommand> Commands);

/// <summary>
/// The rule of advancing, the same on every runner: all unseen events in order, then the wake-up if it is due. Pure.
/// </summary>
internal static class FlowMachine
{
    private const string Woke = """{"kind":"woke"}""";

    /// <summary>Ends any flow, even one whose own step fails on it.</summary>
    public const string Cancelled = """{"kind":"cancelled"}""";

    /// <param name="wokeId">The key of the wake-up's event, if one is due.</param>
    public static FlowAdvance Run(
        IFlow flow, FlowRow row, IReadOnlyList<FlowSignal> unseen, DateTimeOffset now, Guid wokeId, Tenant tenant)
    {
        var run = new Running(flow, row, now, tenant);
        // An operator's cancel comes first: what was sent before may be what cannot be applied.
        foreach (FlowSignal signal in unseen.OrderBy(s => s.Body != Cancelled)) run.Apply(signal);
        if (run.Row is { Ended: false, WakeAt: { } at } && at <= now)
        {
            run.Row = run.Row with { WakeAt = null };
            run.Apply(new FlowSignal(wokeId, Woke, now));
        }

        return new FlowAdvance(
            run.Row with { Version = row.Version + 1 }, run.StateName, run.Outcome, run.Applied, run.Commands);
    }

    private sealed class Running(IFlow flow, FlowRow row, DateTimeOffset now, Tenant tenant)
    {
        public FlowRow Row { get; set; } = row;

        public string StateName { get; private set; } = "";

        public string? Outcome { get; private set; }

        public List<AppliedEvent> Applied { get; } = [];

        public List<FlowCommand> Commands { get; } = [];

        public void Apply(FlowSignal signal)
        {
            if (Row.Ended)
            {
                Applied.Add(new AppliedEvent(signal, "ended", []));
                return;
            }

            FlowStep step = Step(signal);
            StateName = step.Name;
            Row = Row with { State = step.State, Listens = step.Listens };
            foreach (FlowCommand command in step.Commands) Take(command);
            Applied.Add(new AppliedEvent(signal, step.Name, [.. step.Commands.Select(c => c.GetType().Name)]));
        }

        private FlowStep Step(FlowSignal signal)
        {
            bool cancels = signal.Body == Cancelled;
            try
            {
                FlowStep step = flow.Apply(Row.State, signal.Body, signal.At, now, tenant);
                return !cancels || step.Commands.Any(c => c is End)
                    ? step
                    : step with { Commands = [.. step.Commands, new End("cancelled")] };
            }
            catch (PermanentFault) when (cancels)
            {
                return new FlowStep(Row.State ?? "null", "Unreadable", FlowListens.Nothing, [new End("cancelled")]);
            }
        }

        private void Take(FlowCommand command)
        {
            switch (command)
            {
                case WakeAt wake:
                    Row = Row with { WakeAt = wake.At };
                    break;
                case End end:
                    Row = Row with { Ended = true, WakeAt = null, Listens = FlowListens.Nothing };
                    Outcome = end.Outcome;
                    break;
                default:
                    Commands.Add(command);
                    break;
            }
        }
    }
}
