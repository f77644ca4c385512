using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks;

/// <summary>
/// Hands the queue what waits for an endpoint, at the pace at which it takes it: so its backlog, however long, lies in
/// the books and not in the queue that it shares with others.
/// </summary>
internal sealed class ReleaseDeliveries(NpgsqlDataSource database, WebhookOptions options)
{
    private static readonly string Sql = EngineSql.Of<ReleaseDeliveries>("release-deliveries.sql");

    /// <param name="onlyWhenIdle">Only when no call is due or under way, whose end would hand over more.</param>
    public async Task RunAsync(
        TenantId tenant, Guid endpoint, bool onlyWhenIdle, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(endpoint)
            .With(options.CallsPerEndpoint)
            .With(onlyWhenIdle));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
