using System.Text.Json;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// Gives events that had no channel to the channel that exists by now: the same queue messages that the webhook would
/// have made. A crash between the queue and the end of the rows sends them again, and receipts stop the second copy.
/// </summary>
internal sealed class RouteUnrouted(NpgsqlDataSource database, IMessageQueue queue, TimeProvider time)
{
    private const int Portion = 200;
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);
    private static readonly string Sql = EngineSql.Of<RouteUnrouted>("route-unrouted.sql");

    /// <summary>Returns how many went on their way. What nobody wanted in 30 days goes.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int routed = 0, moved;
        do
        {
            moved = await MoveAsync(cancellationToken);
            routed += moved;
        }
        while (moved == Portion);

        await using NpgsqlCommand prune = database.CreateCommand(
            "delete from unrouted_events where received_at < now() - $1");
        prune.Parameters.AddWithValue(Keep);
        await prune.ExecuteNonQueryAsync(cancellationToken);
        return routed;
    }

    private async Task<int> MoveAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var find = new NpgsqlBatch(connection, transaction);
        find.BatchCommands.Add(TenantScope.Directory());
        find.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(Portion));
        var ids = new List<Guid>();
        var messages = new List<QueueMessage>();
        await using (NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
                messages.Add(Message(reader.GetString(1), reader.GetGuid(2), reader.GetGuid(3)));
            }
        }

        if (ids.Count == 0) return 0;
        await queue.SendAsync(messages, cancellationToken);
        await using var end = new NpgsqlBatch(connection, transaction);
        end.BatchCommands.Add(
            new NpgsqlBatchCommand("delete from unrouted_events where id = any ($1)").With(ids.ToArray()));
        await end.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ids.Count;
    }

    private QueueMessage Message(string body, Guid tenant, Guid channel)
    {
        InboundEvent happened = JsonSerializer.Deserialize(body, InboundEventJson.Default.InboundEvent)!;
        InboundEvent addressed = happened with { Tenant = tenant, Channel = channel };
        return new QueueMessage(
            Queues.MessageProcessing, Ids.New(time), AcceptWebhookEnvelopes.Serialize(addressed))
        {
            Tenant = new TenantId(tenant),
            Subject = happened.EventId,
            OrderKey = InboundOrder.KeyOf(addressed),
        };
    }
}
