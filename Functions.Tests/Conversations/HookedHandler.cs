using Vellarys.Messaging;

namespace Vellarys.Tests.Conversations;

/// <summary>A handler together with what follows when one of its messages is given up.</summary>
internal sealed class HookedHandler(IMessageHandler handler, IDeadLetterHook hook) : IMessageHandler, IDeadLetterHook
{
    public string Queue => handler.Queue;

    public Task HandleAsync(Delivery delivery, CancellationToken cancellationToken) =>
        handler.HandleAsync(delivery, cancellationToken);

    public Task RunAsync(QueueMessage dead, string code, CancellationToken cancellationToken) =>
        hook.RunAsync(dead, code, cancellationToken);
}
