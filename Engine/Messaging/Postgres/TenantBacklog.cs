using Npgsql;

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
        await using NpgsqlCommand command = source.CreateCommand(Count);
        command.Parameters.Add(Sql.Value(Path));
        command.Parameters.Add(Sql.Value(tenant.Value));
        command.Parameters.Add(Sql.Value((long)atMost));
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
