using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres;

internal sealed class TenantBacklog(NpgsqlDataSource source) : ITenantBacklog
{
    private const string Count =
        """
        select count(*) from (
            select from queue_messages where queue = any ($1) and tenant_id = $2 limit $3
        ) waiting
        """;

    private static readonly string[] Path = [Queues.MessageProcessing, Queues.AiResponse, Queues.MessageDelivery];

    public async Task<long> CountAsync(TenantId tenant, int atMost, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = source.CreateWorkerBatch(
            Count, Sql.Value(Path), Sql.Value(tenant.Value), Sql.Value((long)atMost));
        await using NpgsqlDataReader reader = await batch.ReadRowsAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0);
    }
}
