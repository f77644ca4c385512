using Npgsql;
using NpgsqlTypes;

namespace Vellarys.Messaging.Postgres;

/// <summary>The outbox that is the queue: what a transaction inserts is sent when it commits.</summary>
internal sealed class PostgresOutbox(LocalConsumers local, Announcer announcer) : IOutbox
{
    public Reservation Reserve(string queue, int wanted) => local.Reserve(queue, wanted);

    public NpgsqlBatchCommand InsertCommand(IReadOnlyList<QueueMessage> messages, Reservation reservation) =>
        QueueRows.Command(
            QueueRows.Stamped(messages), Announcer.Locks(messages, [reservation]), reservation.Owner, returning: false);

    public NpgsqlBatchCommand? SettleCommand(IReadOnlyList<Delivery> deliveries) =>
        new("delete from queue_messages where id = any($1)")
        {
            Parameters = { Sql.Array(NpgsqlDbType.Uuid, deliveries.Select(d => d.Message.Id).ToArray()) },
        };

    public ValueTask CommittedAsync(
        Reservation reservation, IReadOnlyList<QueueMessage> inserted, IReadOnlyList<Delivery> settled)
    {
        foreach (Delivery delivery in settled) delivery.MarkSettled();
        announcer.Run(reservation, QueueRows.Stamped(inserted), Announcer.Locks(inserted, [reservation]), null);
        return ValueTask.CompletedTask;
    }
}
