using Vellarys.Messaging;

namespace Vellarys.Functions.Messaging;

/// <summary>More messages of a queue came than it may handle at once, and none ended for a while. It waits.</summary>
internal sealed class NoPlaceYet(string queue) : IMessageHandler
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public string Queue => queue;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        received.DeferAsync(Wait, "as many as may be are handled", cancellationToken);
}
