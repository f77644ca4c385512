namespace Vellarys.Messaging.Broker;

/// <summary>One message as the host received it, under the broker's lock.</summary>
public interface ILockedMessage
{
    BrokerMessage Content { get; }

    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Gives it back at once; the broker counts the delivery.</summary>
    Task AbandonAsync(CancellationToken cancellationToken);

    /// <summary>To the broker's dead letters, from where <see cref="KeepDeadLetter"/> takes it.</summary>
    Task DeadLetterAsync(string code, string reason, string history, CancellationToken cancellationToken);
}
