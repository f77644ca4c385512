using Npgsql;
using NpgsqlTypes;
using Vellarys.Messaging.Postgres;
using Vellarys.Storage;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// Takes a message from the broker's dead letters into <c>queue_dead_letters</c>, where operators look at it, redrive
/// it and throw it away with the same endpoints whatever the transport. Also what the broker itself gave up: messages
/// whose every delivery ended without an outcome.
/// </summary>
public sealed class KeepDeadLetter(NpgsqlDataSource database, DeadLetterHooks hooks, TimeProvider time)
{
    private static readonly string Keep = EngineSql.Of<KeepDeadLetter>("keep-dead-letter.sql");

    /// <param name="code">Null where the broker gave it up.</param>
    /// <param name="reason">For a person, free of personal data.</param>
    /// <param name="enqueuedAt">By the broker's clock.</param>
    /// <exception cref="TransientFault">The database is away: the message stays with the broker.</exception>
    public async Task RunAsync(
        BrokerMessage dead, string? code, string? reason, DateTimeOffset enqueuedAt,
        CancellationToken cancellationToken)
    {
        QueueMessage message = dead.Message;
        await hooks.RunAsync(message, code ?? Failure.Undeliverable.Code);
        await using NpgsqlBatch batch = database.CreateWorkerBatch(
            Keep,
            Sql.Value(message.Id),
            Sql.Value(message.Queue),
            Sql.Value((short)message.Priority),
            Sql.Value((short)Math.Min(dead.Attempt, short.MaxValue)),
            Sql.Nullable(NpgsqlDbType.Uuid, message.Tenant?.Value),
            Sql.Nullable(NpgsqlDbType.Text, message.Subject),
            Sql.Value(message.Body),
            Sql.Nullable(NpgsqlDbType.Text, message.TraceParent),
            Sql.Nullable(NpgsqlDbType.Uuid, message.OrderKey),
            Sql.Value(code ?? Failure.Undeliverable.Code),
            Sql.Value(reason ?? Failure.Undeliverable.Reason),
            Sql.Value(dead.History ?? "[]"),
            Sql.Value(enqueuedAt.UtcDateTime),
            Sql.Value(time.GetUtcNow().UtcDateTime));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }
}
