using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Handoff;

/// <summary>Puts the conversation in the queue for a person, or renews its request there.</summary>
internal sealed record SeekAgent(
    string Reason, DateTimeOffset Since, Guid? Team, string? Skill, Guid? For, bool Supervisor,
    IReadOnlyList<Guid> Except) : FlowCommand;

/// <summary>Out of the queue.</summary>
internal sealed record StopSeeking : FlowCommand;

/// <summary>Shows the person asked what it is about.</summary>
internal sealed record NotifyAgent(Guid Agent, string Kind) : FlowCommand;

/// <summary>Tells every supervisor.</summary>
/// <param name="Kind"><c>nobody_accepts</c>, <c>first_response_warning</c>, <c>first_response_breached</c>,
/// <c>resolution_warning</c>, <c>resolution_breached</c>, <c>abandoned</c>.</param>
internal sealed record NotifySupervisors(string Kind) : FlowCommand;

/// <summary>Nobody is asked any more, unless another was asked meanwhile.</summary>
internal sealed record WithdrawOffer(Guid Agent) : FlowCommand;

/// <summary>The person in charge lets go; the customer waits again and the bot stays silent.</summary>
internal sealed record Release : FlowCommand;

/// <summary>Nobody came: the bot is in charge again and answers what the customer writes from now on.</summary>
internal sealed record ReturnToBot : FlowCommand;

/// <summary>A customer who waits all the same, when this handoff ends, gets a new one.</summary>
internal sealed record RaiseAgain : FlowCommand;

/// <summary>When a person will answer, honestly.</summary>
/// <param name="OpensAt">The house is closed until then; null while it is open.</param>
/// <param name="Place">In the queue.</param>
internal sealed record TellCustomer(DateTimeOffset? OpensAt, int Place) : FlowCommand;
