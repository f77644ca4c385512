using System.Text.Json.Serialization;
using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Handoff;

/// <summary>What can happen to a handoff. The discriminators are written by statements too.</summary>
[JsonDerivedType(typeof(Raised), "raised")]
[JsonDerivedType(typeof(ChargeChanged), "charge_changed")]
[JsonDerivedType(typeof(NobodyFree), "nobody_free")]
[JsonDerivedType(typeof(Declined), "declined")]
[JsonDerivedType(typeof(Transferred), "transferred")]
[JsonDerivedType(typeof(StaffReplied), "staff_replied")]
[JsonDerivedType(typeof(CustomerWrote), "customer_wrote")]
[JsonDerivedType(typeof(Woke), "woke")]
[JsonDerivedType(typeof(Cancelled), "cancelled")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
internal abstract record HandoffEvent : FlowEvent;

/// <summary>The conversation began to wait for a person.</summary>
internal sealed record Raised(string Reason, Guid? Team) : HandoffEvent;

/// <summary>
/// Who is in charge, or who is asked to be, changed: by this flow, by staff, by the phone itself.
/// </summary>
/// <param name="Status"><c>bot</c>, <c>waiting</c>, <c>human</c>, <c>closed</c>.</param>
/// <param name="Agent">In charge, or while waiting: asked.</param>
internal sealed record ChargeChanged(string Status, Guid? Agent) : HandoffEvent;

/// <summary>Everybody suitable is away or has enough to do.</summary>
/// <param name="Place">In the queue, from 1.</param>
/// <param name="Online">How many suitable ones are there at all, busy or not.</param>
/// <param name="Escalated">Supervisors were among those who could be asked.</param>
internal sealed record NobodyFree(int Place, int Online, bool Escalated) : HandoffEvent;

/// <summary>The person asked refuses.</summary>
internal sealed record Declined(Guid Agent) : HandoffEvent;

/// <summary>The person in charge passes it on, to a person or to a team.</summary>
internal sealed record Transferred(Guid? Team, Guid? Agent) : HandoffEvent;

internal sealed record StaffReplied : HandoffEvent;

internal sealed record CustomerWrote : HandoffEvent;

internal sealed record Woke : HandoffEvent;

internal sealed record Cancelled : HandoffEvent;
