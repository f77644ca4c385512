using Vellarys.Messaging;
using Vellarys.Messaging.Admin;

namespace Vellarys.Tests.Messaging;

/// <summary>
/// What the contract suite needs of a transport: processes that work a queue off, and its dead letters.
/// </summary>
internal interface IQueueTransport : IAsyncDisposable
{
    /// <summary>A sender in a process of its own without consumers.</summary>
    IMessageQueue Sender { get; }

    /// <summary>A process that handles one queue.</summary>
    Task<IQueueProcess> StartAsync(
        string queue, QueueOptions options, Func<ReceivedMessage, CancellationToken, Task> handle);

    Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(string queue);

    Task<bool> RedriveAsync(Guid id);
}

/// <summary>A process as the others see it. Disposing stops it in order, if it still runs.</summary>
public interface IQueueProcess : IAsyncDisposable
{
    IMessageQueue Queue { get; }

    Task StopAsync();

    /// <summary>
    /// The process is gone from one moment to the next; nothing of it reaches the transport any more.
    /// </summary>
    Task KillAsync();
}
