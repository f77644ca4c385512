namespace Vellarys.Messaging.Broker;

/// <summary>
/// Which message of an order key was sent last, for a while. A hint: where it is forgotten, the next message does not
/// know whom it follows, and may overtake.
/// </summary>
public interface ILastSent
{
    /// <summary>Null when none is known. Never fails.</summary>
    ValueTask<SentMessage?> ReadAsync(Guid orderKey, CancellationToken cancellationToken);

    /// <summary>Never fails.</summary>
    ValueTask WriteAsync(Guid orderKey, SentMessage message, CancellationToken cancellationToken);
}

/// <summary>A message by its subject, and whom it followed: a second copy of it follows the same.</summary>
public sealed record SentMessage(string Subject, string? Follows);
