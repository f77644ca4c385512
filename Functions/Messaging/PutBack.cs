using Vellarys.Messaging;

namespace Vellarys.Functions.Messaging;

/// <summary>More messages of the queue came than it may handle at once, and none ended for a while.</summary>
internal sealed class PutBack(string queue) : IMessageHandler
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public string Queue => queue;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        received.DeferAsync(Wait, "as many as may be are handled", cancellationToken);
}

/// <summary>This release has no use for the queue yet: a newer one, deployed beside it, may have sent.</summary>
internal sealed class NotYetHandled(string queue) : IMessageHandler
{
    public string Queue => queue;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        throw NewerRelease.Awaited("no_handler", $"This release does not handle {queue}.", NewerRelease.LongWait);
}
