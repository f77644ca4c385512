using System.Text.Json.Serialization;
using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Reengagement;

/// <summary>What can happen while a customer is silent. The discriminators are written by statements too.</summary>
[JsonDerivedType(typeof(WentSilent), "went_silent")]
[JsonDerivedType(typeof(CustomerWrote), "customer_wrote")]
[JsonDerivedType(typeof(ChargeChanged), "charge_changed")]
[JsonDerivedType(typeof(Woke), "woke")]
[JsonDerivedType(typeof(Cancelled), "cancelled")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
internal abstract record ReengagementEvent : FlowEvent;

/// <summary>The scan found a customer whom the bot answered last, and who has said nothing since.</summary>
/// <param name="SentThisMonth">Follow-ups that this contact got within the last 30 days.</param>
internal sealed record WentSilent(DateTimeOffset LastInboundAt, int SentThisMonth) : ReengagementEvent;

/// <param name="OptsOut">What they wrote asks for no more messages.</param>
internal sealed record CustomerWrote(bool OptsOut) : ReengagementEvent;

/// <param name="Status"><c>bot</c>, <c>waiting</c>, <c>human</c>, <c>closed</c>.</param>
internal sealed record ChargeChanged(string Status) : ReengagementEvent;

internal sealed record Woke : ReengagementEvent;

internal sealed record Cancelled : ReengagementEvent;

/// <summary>Writes to the customer.</summary>
/// <param name="Stage">From 0; picks the built-in text where <paramref name="Text"/> is null.</param>
/// <param name="Template">The approved template to send; null for free text.</param>
/// <param name="SilentSince">Not sent if they have written since then.</param>
internal sealed record Nudge(int Stage, string? Text, string? Template, DateTimeOffset SilentSince) : FlowCommand;

/// <summary>What the lead says of being won back: also whether the scan may find it again.</summary>
internal sealed record MarkLead(string Status) : FlowCommand;
