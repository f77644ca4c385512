namespace Vellarys.Intake.Unrouted;

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
