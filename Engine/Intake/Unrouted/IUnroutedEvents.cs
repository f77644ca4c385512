using Vellarys.Channels;

namespace Vellarys.Intake.Unrouted;

/// <summary>Keeps what a provider signed and no channel could take, before the webhook is answered.</summary>
internal interface IUnroutedEvents
{
    /// <summary>
    /// Durable when it returns; a repeated event is kept once. Throws <see cref="TransientFault"/> where nothing can be
    /// kept now.
    /// </summary>
    Task<UnroutedOutcome> KeepAsync(IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken);
}

/// <summary>What became of events without a channel.</summary>
/// <param name="Over">Those that there is no room for: whoever signed them has enough kept already.</param>
/// <param name="Displaced">How many that lay there longest went to make room for them.</param>
internal sealed record UnroutedOutcome(IReadOnlyList<UnroutedEvent> Over, int Displaced);

/// <summary>One event without a channel.</summary>
/// <param name="Address">The number's key; empty for an event of no number.</param>
/// <param name="Reason">One of <see cref="UnroutedReason"/>.</param>
/// <param name="OnlyFor">Set where a tenant's own secret signed it.</param>
internal sealed record UnroutedEvent(
    string Provider, string Address, InboundEvent Event, string Reason, TenantId? OnlyFor)
{
    /// <summary>Whether a channel may still come that takes it; the others are for an operator to see.</summary>
    public bool MayBeRouted => Reason == UnroutedReason.UnknownNumber;
}
