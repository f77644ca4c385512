using Vellarys.Messaging;

namespace Vellarys.Tests.Conversations;

/// <summary>A handler together with what follows when one of its messages is given up.</summary>
internal sealed class HookedHandler(IMessageHandler handler, IDeadLetterHook hook) : IMessageHandler, IDeadLetterHook
{
    public string Queue => handler.Queue;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        handler.HandleAsync(received, cancellationToken);

    public Task RunAsync(QueueMessage dead, string code, CancellationToken cancellationToken) =>
        hook.RunAsync(dead, code, cancellationToken);
}
