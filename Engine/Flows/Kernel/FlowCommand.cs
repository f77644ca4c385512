namespace Vellarys.Flows.Kernel;

/// <summary>
/// What a flow wants done. Each flow has its own; these two the kernel carries out. Commands are data: they are written
/// as statements into the transaction that stores the step they came from.
/// </summary>
internal abstract record FlowCommand;

/// <summary>
/// Wake the flow with a <c>woke</c> event, not before <paramref name="At"/>. Replaces an earlier wake-up; a wake-up
/// that comes all the same must do no harm.
/// </summary>
internal sealed record WakeAt(DateTimeOffset At) : FlowCommand;

/// <summary>The flow has come to its end. Whatever happens later changes nothing.</summary>
/// <param name="Outcome">Stable, e.g. <c>recovered</c>; counted.</param>
internal sealed record End(string Outcome) : FlowCommand;
