using Vellarys.Messaging;

namespace Vellarys.Tests.Messaging;

/// <summary>A handler made of a function.</summary>
internal sealed class Handler(string queue, Func<ReceivedMessage, CancellationToken, Task> handle) : IMessageHandler
{
    public string Queue => queue;

    public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
        handle(received, cancellationToken);
}
