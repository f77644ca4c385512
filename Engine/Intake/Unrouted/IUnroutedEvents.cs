using Vellarys.Channels;

namespace Vellarys.Intake.Unrouted;

/// <summary>Keeps what a provider signed and no channel could take, before the webhook is answered.</summary>
internal interface IUnroutedEvents
{
    /// <summary>
    /// Durable when it returns; a repeated event is kept once. Throws <see cref="TransientFault"/> where nothing can be
    /// kept now.
    /// </summary>
    /// <returns>Those that there is no room for: whoever signed them has enough kept already.</returns>
    Task<IReadOnlyList<UnroutedEvent>> KeepAsync(
        IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken);
}

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

/// <summary>Why an event has no channel.</summary>
internal static class UnroutedReason
{
    /// <summary>No channel has the number, or none that whoever signed may write to: one may come.</summary>
    public const string UnknownNumber = "unknown_number";

    /// <summary>The event names no number: it is of the account itself.</summary>
    public const string NoNumber = "no_number";

    /// <summary>
    /// The installation's app signed for a number that has an app of its own, which brings its events itself: no
    /// channel takes it, also not later.
    /// </summary>
    public const string OtherApp = "other_app";
}
