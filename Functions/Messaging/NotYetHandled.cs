using Vellarys.Messaging;

namespace Vellarys.Functions.Messaging;

/// <summary>
/// A queue that this release has no use for yet: a newer one, deployed beside it, may have sent the message. It waits.
/// </summary>
internal sealed class NotYetHandled(string queue) : IMessageHandler
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(5);

    public string Queue => queue;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        received.DeferAsync(Wait, "no handler in this release", cancellationToken);
}
