namespace Vellarys.Messaging.Broker;

/// <summary>
/// Which message of an order key was sent last, for a while. A hint: where it is forgotten, the next message does not
/// know whom it follows, and may overtake.
/// </summary>
public interface ILastSent
{
    /// <summary>Its subject; null when none is known. Never fails.</summary>
    ValueTask<string?> ReadAsync(Guid orderKey, CancellationToken cancellationToken);

    /// <summary>Never fails.</summary>
    ValueTask WriteAsync(Guid orderKey, string subject, CancellationToken cancellationToken);
}
