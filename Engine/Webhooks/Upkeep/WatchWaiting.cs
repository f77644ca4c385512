using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Upkeep;

/// <summary>
/// Sees to endpoints for which something waits: whose calls ended without handing over more, because a host died or a
/// message was given up, gets its next one; what waits for one that was disabled is held from now on.
/// </summary>
internal sealed class WatchWaiting(
    NpgsqlDataSource database, ITenantDirectory tenants, ReleaseDeliveries release, ILogger<WatchWaiting> logger) : IJob
{
    private const int Portion = 5_000;

    private const string Find =
        """
        select p.id as "Id", p.status = 'active' as "IsActive"
        from webhook_endpoints p
        where p.tenant_id = $1 and exists (
            select from webhook_deliveries d
            where d.tenant_id = $1 and d.endpoint_id = p.id and d.state = 'waiting')
        order by p.id
        """;

    private const string Hold =
        """
        update webhook_deliveries d set state = 'held'
        where d.tenant_id = $1 and d.endpoint_id = $2 and d.event_id = any (array(
            select w.event_id from webhook_deliveries w
            where w.tenant_id = $1 and w.endpoint_id = $2 and w.state = 'waiting'
            order by w.event_id
            limit $3))
        """;

    public JobSchedule Schedule => JobSchedules.WatchWebhooks;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.EveryIdAsync(cancellationToken), logger,
        tenant => RunAsync(tenant, cancellationToken), cancellationToken);

    private async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        IReadOnlyList<WaitedFor> endpoints = await new TenantReader(database).QueryAsync<WaitedFor>(
            tenant, new NpgsqlBatchCommand(Find).With(tenant.Value), cancellationToken);
        foreach (WaitedFor endpoint in endpoints)
        {
            if (endpoint.IsActive) await release.RunAsync(tenant, endpoint.Id, onlyWhenIdle: true, cancellationToken);
            else await HoldAsync(tenant, endpoint.Id, cancellationToken);
        }
    }

    private async Task HoldAsync(TenantId tenant, Guid endpoint, CancellationToken cancellationToken)
    {
        int held;
        do
        {
            await using NpgsqlBatch batch = database.CreateBatch();
            batch.BatchCommands.Add(TenantScope.For(tenant));
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand(Hold).With(tenant.Value).With(endpoint).With(Portion));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            held = (int)batch.BatchCommands[1].RecordsAffected;
        }
        while (held == Portion);
    }

    private sealed record WaitedFor
    {
        public Guid Id { get; init; }

        public bool IsActive { get; init; }
    }
}
