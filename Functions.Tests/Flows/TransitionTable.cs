using System.Text.Json.Serialization;
using Vellarys.Flows.Kernel;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Flows;

/// <summary>
/// Compares the table <c>| state | event | next | commands |</c> of <c>docs/flows/*.md</c> with what a flow does. Cells
/// may list several states or events, separated by commas; a row stands for each pair of them. Events are named by
/// their stored kind, states and commands by their types; <c>-</c> is no command, <c>same</c> the state itself. Further
/// columns are for the reader.
/// </summary>
internal static class TransitionTable
{
    /// <summary>Both ways: what the code does is in the table, what the table says the code does.</summary>
    /// <param name="document">From the root, e.g. <c>docs/flows/survey.md</c>.</param>
    /// <param name="states">At least one of every kind.</param>
    /// <param name="events">At least one of every kind, and all that a decision depends on.</param>
    /// <param name="runs">The flow, once under each policy that makes a difference.</param>
    public static void Holds<TState, TEvent>(
        string document, IReadOnlyList<TState> states, IReadOnlyList<TEvent> events,
        params IReadOnlyList<Func<TState, TEvent, Step<TState>>> runs)
        where TState : class
        where TEvent : FlowEvent
    {
        HasEveryKind(states);
        HasEveryKind(events);
        HashSet<Transition> done =
        [
            .. from state in states
            from happened in events
            from run in runs
            let step = run(state, happened)
            select new Transition(
                state.GetType().Name, Kinds<TEvent>()[happened.GetType()], step.State.GetType().Name,
                string.Join(", ", step.Commands.Select(c => c.GetType().Name))),
        ];
        HashSet<Transition> written = [.. Read(Sources.All.Single(f => f.Path == document))];
        Rule.Holds(
        [
            .. done.Except(written).Select(t => $"not in {document}: {t}"),
            .. written.Except(done).Select(t => $"in {document}, but it never happens: {t}"),
        ]);
    }

    private static IEnumerable<Transition> Read(SourceFile document) =>
        from cells in document.Lines
            .SkipWhile(line => !line.StartsWith("| state | event | next | commands |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|').Skip(1).Select(cell => cell.Replace("`", "").Trim()).ToArray())
        from state in List(cells[0])
        from kind in List(cells[1])
        select new Transition(
            state, kind, cells[2] == "same" ? state : cells[2],
            cells[3] == "-" ? "" : string.Join(", ", List(cells[3])));

    private static string[] List(string cell) => cell.Split(',', StringSplitOptions.TrimEntries);

    private static void HasEveryKind<T>(IEnumerable<T> samples)
        where T : class =>
        Assert.Equal(Kinds<T>().Values.Order(), samples.Select(s => Kinds<T>()[s.GetType()]).Distinct().Order());

    /// <summary>Every case of a union, with the name it is stored under.</summary>
    private static Dictionary<Type, string> Kinds<T>() => typeof(T)
        .GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false)
        .Cast<JsonDerivedTypeAttribute>()
        .ToDictionary(a => a.DerivedType, a => (string)a.TypeDiscriminator!);

    private sealed record Transition(string State, string Event, string Next, string Commands)
    {
        public override string ToString() => $"| {State} | {Event} | {Next} | {(Commands == "" ? "-" : Commands)} |";
    }
}
