using Vellarys.Accounts;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// One kind of flow, as the kernel sees it: a pure step over stored JSON, and statements for its commands.
/// </summary>
internal interface IFlow
{
    /// <summary>Stable: stored with every run, e.g. <c>handoff</c>.</summary>
    string Name { get; }

    /// <summary>Pure. Reads no clock, makes no ids, does no I/O.</summary>
    /// <param name="state">As <see cref="FlowStep.State"/> was stored; null before the first event.</param>
    /// <param name="body">The event's JSON, with its <c>kind</c>.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="seenAt">When it is applied.</param>
    /// <param name="tenant">Whose policy applies.</param>
    /// <exception cref="PermanentFault">The state or the event cannot be read.</exception>
    FlowStep Apply(string? state, string body, DateTimeOffset at, DateTimeOffset seenAt, Tenant tenant);

    /// <summary>Adds the statements that carry a command out to the transaction of its step.</summary>
    void CarryOut(FlowCommand command, FlowEffects effects);
}

/// <summary>What one event led to, ready to be stored.</summary>
/// <param name="State">JSON.</param>
/// <param name="Name">The state's short name, for people.</param>
/// <param name="Listens">What of the customer it wants to hear from now on.</param>
internal sealed record FlowStep(string State, string Name, FlowListens Listens, IReadOnlyList<FlowCommand> Commands);

/// <summary>What of the customer a flow wants to hear. The lower-case name is stored.</summary>
internal enum FlowListens
{
    Nothing,

    /// <summary>A <c>customer_wrote</c> for each message.</summary>
    Message,

    /// <summary>The same, and it asked a question: it may take the customer's next turn as the answer.</summary>
    Answer,
}
