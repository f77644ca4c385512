using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// Where the queue keeps no order, a message names the one that it follows: whether that one is through. One that was
/// given up, or never comes, holds what follows it up for two minutes and no longer.
/// </summary>
internal sealed class Predecessor(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async ValueTask<bool> IsThroughAsync(
        ReceivedMessage received, InboundEvent happened, CancellationToken cancellationToken)
    {
        if (received.Message.Follows is not { } before) return true;
        if (time.GetUtcNow() - Ids.TimeOf(received.Message.Id) > Patience) return true;
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(happened.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select exists (
                select from receipts where tenant_id = $1 and channel_id = $2 and provider_message_id = $3)
            """)
            .With(happened.Tenant)
            .With(happened.Channel)
            .With(before));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0);
    }
}
