namespace Vellarys.Messaging;

/// <summary>
/// A handler that has something to do when one of its messages is given up, whoever gave it up and why: at once, before
/// the message lies among the dead letters. It may be called again for the same message.
/// </summary>
public interface IGivesUp
{
    /// <param name="code">Stable, as the dead letter will have it.</param>
    Task GiveUpAsync(QueueMessage message, string code, CancellationToken cancellationToken);
}
