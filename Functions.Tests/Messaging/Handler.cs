using Vellarys.Messaging;

namespace Vellarys.Tests.Messaging;

/// <summary>A handler made of a function.</summary>
internal sealed class Handler(string queue, Func<Delivery, CancellationToken, Task> handle) : IMessageHandler
{
    public string Queue => queue;

    public Task HandleAsync(Delivery delivery, CancellationToken cancellationToken) =>
        handle(delivery, cancellationToken);
}
