using Npgsql;
using NpgsqlTypes;

namespace Vellarys.Messaging.Postgres.Sending;

/// <summary>The outbox that is the queue: what a transaction inserts is sent when it commits.</summary>
internal sealed class PostgresOutbox(LocalConsumers local, PostCommitDispatcher announcer) : IOutbox
{
    public Reservation Reserve(string queue, int wanted) => local.Reserve(queue, wanted);

    public NpgsqlBatchCommand InsertCommand(IReadOnlyList<QueueMessage> messages, Reservation reservation) =>
        QueueRows.Command(
            QueueRows.Stamped(messages), PostCommitDispatcher.Locks(messages, [reservation]), reservation.Owner,
            returning: false);

    public NpgsqlBatchCommand? CompleteCommand(IReadOnlyList<ReceivedMessage> received) =>
        new("delete from queue_messages where id = any($1)")
        {
            Parameters = { Sql.Array(NpgsqlDbType.Uuid, received.Select(d => d.Message.Id).ToArray()) },
        };

    public ValueTask CommittedAsync(
        Reservation reservation, IReadOnlyList<QueueMessage> inserted, IReadOnlyList<ReceivedMessage> settled)
    {
        foreach (ReceivedMessage received in settled) received.MarkSettled();
        announcer.Run(
            reservation, QueueRows.Stamped(inserted), PostCommitDispatcher.Locks(inserted, [reservation]), null);
        return ValueTask.CompletedTask;
    }
}
