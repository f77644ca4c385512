namespace Vellarys.Messaging;

/// <summary>
/// What must follow when a message of a queue is given up, at once and not with the next look of a job. Called before
/// the message becomes a dead letter, at least once, and may find its work done already.
/// </summary>
public interface IDeadLetterHook
{
    /// <summary>The queue whose dead letters it is called for, one of <see cref="Queues"/>.</summary>
    string Queue { get; }

    /// <param name="code">Stable, as the dead letter will have it.</param>
    Task RunAsync(QueueMessage dead, string code, CancellationToken cancellationToken);
}
