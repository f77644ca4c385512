using System.Text.Json.Serialization;

namespace Vellarys.Flows.Handoff;

/// <summary>Where a handoff stands.</summary>
[JsonDerivedType(typeof(Fresh), "fresh")]
[JsonDerivedType(typeof(Seeking), "seeking")]
[JsonDerivedType(typeof(Offered), "offered")]
[JsonDerivedType(typeof(Attended), "attended")]
[JsonDerivedType(typeof(Over), "over")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
internal abstract record HandoffState;

/// <summary>Before its first event.</summary>
internal sealed record Fresh : HandoffState;

/// <summary>In the queue for a person. The conversation waits and nobody is named.</summary>
/// <param name="AskAt">When it asks for a person again; the opening hour while the house is closed.</param>
internal sealed record Seeking(HandoffCase Case, DateTimeOffset AskAt) : HandoffState;

/// <summary>One person has it before them. It is still theirs to refuse.</summary>
internal sealed record Offered(HandoffCase Case, Guid Agent, DateTimeOffset Until) : HandoffState;

/// <summary>A person is in charge.</summary>
/// <param name="Agent">Null when it was taken on the phone itself.</param>
internal sealed record Attended(HandoffCase Case, Guid? Agent) : HandoffState;

internal sealed record Over : HandoffState;

/// <summary>What a handoff carries from state to state.</summary>
/// <param name="Reason">Why the bot called, e.g. <c>customer_asked</c>.</param>
/// <param name="Since">When the customer began to wait: their place in the queue.</param>
/// <param name="Team">Only its members are asked; null for everybody.</param>
/// <param name="Skill">Only who has it is asked; null for everybody.</param>
/// <param name="For">Handed to this person by another; null otherwise.</param>
internal sealed record HandoffCase(string Reason, DateTimeOffset Since, Guid? Team, string? Skill, Guid? For)
{
    /// <summary>
    /// The customer was not reached, or has no number any more: there is no point in telling them how things stand.
    /// </summary>
    [JsonIgnore]
    public bool IsUnreachable => Reason is "undelivered" or "number_given_up";

    /// <summary>Who let it pass since the last time everybody had been asked.</summary>
    public IReadOnlyList<Guid> Asked { get; init; } = [];

    /// <summary>Agents had their chances: supervisors are asked.</summary>
    public bool Escalated { get; init; }

    /// <summary>The customer knows that everybody is busy.</summary>
    public bool ToldBusy { get; init; }

    /// <summary>The customer knows when the house opens.</summary>
    public bool ToldClosed { get; init; }

    public SlaClock? FirstResponse { get; init; }

    public SlaClock? Resolution { get; init; }
}

/// <summary>One promise about time, in working hours.</summary>
/// <param name="WarnAt">When to warn; null once warned.</param>
/// <param name="DueAt">When it is broken; null once it was.</param>
internal sealed record SlaClock(DateTimeOffset? WarnAt, DateTimeOffset? DueAt)
{
    public DateTimeOffset? Next => WarnAt ?? DueAt;
}
