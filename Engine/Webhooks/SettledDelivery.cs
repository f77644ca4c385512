namespace Vellarys.Webhooks;

/// <summary>What was written down of a call.</summary>
/// <param name="State">Of the delivery from now on; null when it was told anew meanwhile, or is gone.</param>
/// <param name="Pause">Before it is called again, where it is pending.</param>
/// <param name="Notice">What staff is told of the endpoint, if anything.</param>
/// <param name="Url">Of the endpoint, where staff is told.</param>
/// <param name="OthersWait">It took this one, and others wait for it.</param>
internal sealed record SettledDelivery(string? State, TimeSpan? Pause, string? Notice, string? Url, bool OthersWait);
