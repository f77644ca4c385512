using Vellarys.Storage;

namespace Vellarys.Messaging;

/// <summary>
/// What a queue's messages are for. Called for many messages at once; a use case that wants sets gathers them with a
/// <see cref="Batcher{TItem,TResult}"/>, so one message in a quiet hour costs no waiting and sixty-four in a busy
/// one cost one transaction.
/// </summary>
public interface IMessageHandler
{
    /// <summary>The queue it serves, one of <see cref="Queues"/>.</summary>
    string Queue { get; }

    Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken);
}
