using Npgsql;
using Vellarys.Messaging.Postgres.Sending;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// The outbox where the queue is elsewhere: rows wait for <see cref="RelayOutbox"/>, which the host calls after each
/// commit. The broker settles what it handed out, after the commit, so a message may come once more.
/// </summary>
internal sealed class BrokerOutbox : IOutbox
{
    public Reservation Reserve(string queue, int wanted) => new(queue, 0, Guid.Empty, TimeSpan.Zero, null);

    public NpgsqlBatchCommand InsertCommand(IReadOnlyList<QueueMessage> messages, Reservation reservation) =>
        QueueRows.Command(QueueRows.Stamped(messages), null, Guid.Empty, returning: false);

    public NpgsqlBatchCommand? CompleteCommand(IReadOnlyList<ReceivedMessage> received) => null;

    public ValueTask CommittedAsync(
        Reservation reservation, IReadOnlyList<QueueMessage> inserted, IReadOnlyList<ReceivedMessage> settled) =>
            ValueTask.CompletedTask;
}
