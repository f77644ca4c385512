using Vellarys.Messaging;

namespace Vellarys.Functions.Messaging;

/// <summary>Handles nothing: every message waits and comes again.</summary>
internal sealed class PutBack : IMessageHandler
{
    private readonly TimeSpan _wait;
    private readonly string _reason;

    private PutBack(string queue, TimeSpan wait, string reason) => (Queue, _wait, _reason) = (queue, wait, reason);

    public string Queue { get; }

    /// <summary>This release has no use for the queue yet: a newer one, deployed beside it, may have sent.</summary>
    public static PutBack NotYetHandled(string queue) =>
        new(queue, TimeSpan.FromMinutes(5), "no handler in this release");

    /// <summary>More messages of the queue came than it may handle at once, and none ended for a while.</summary>
    public static PutBack NoPlaceYet(string queue) =>
        new(queue, TimeSpan.FromSeconds(1), "as many as may be are handled");

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        received.DeferAsync(_wait, _reason, cancellationToken);
}
