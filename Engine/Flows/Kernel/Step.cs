namespace Vellarys.Flows.Kernel;

/// <summary>What one event led to: the next state, and what is to be done about it.</summary>
internal sealed record Step<TState>(TState State, IReadOnlyList<FlowCommand> Commands)
{
    /// <summary>Nothing happens: late and repeated events are normal.</summary>
    public static Step<TState> Stay(TState state) => new(state, []);
}

/// <summary>
/// Base of every flow's events. Time enters a flow here and nowhere else.
/// </summary>
internal abstract record FlowEvent
{
    /// <summary>When it happened (UTC), by the signal's row. Promises to people count from here.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>
    /// When the flow came to see it (UTC): later, after an outage by hours. Whatever the flow lets somebody have so
    /// long counts from here.
    /// </summary>
    public DateTimeOffset SeenAt { get; init; }
}
