using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>
/// Replaces what is known of an endpoint, but for its secrets. Active again, it starts with a clean slate.
/// </summary>
internal sealed class ReplaceEndpoint(NpgsqlDataSource database, ReleaseDeliveries release)
{
    private const string Sql =
        """
        update webhook_endpoints p set
            url = $3, description = $4, events = $5, includes_text = $6, includes_contact = $7,
            status = case when $8 then 'active' else 'disabled' end,
            disabled_by = case when $8 then null else coalesce(p.disabled_by, 'staff') end,
            disabled_at = case when $8 then null else coalesce(p.disabled_at, now()) end,
            failing_since = case when $8 and p.status = 'disabled' then null else p.failing_since end,
            failures = case when $8 and p.status = 'disabled' then 0 else p.failures end,
            told_failing = p.told_failing and not ($8 and p.status = 'disabled'),
            -- Whoever changes it says that it answers.
            trial = null,
            hears_since = case when p.events @> $5 then p.hears_since else clock_timestamp() end,
            updated_at = now()
        where p.tenant_id = $1 and p.id = $2
        """;

    /// <summary>False when there is none.</summary>
    public async Task<bool> RunAsync(
        TenantId tenant, Guid id, EndpointInput input, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(id)
            .With(input.Url!)
            .With(input.Description ?? "")
            .With(input.Events!.Distinct().ToArray())
            .With(input.IncludesText ?? false)
            .With(input.IncludesContact ?? false)
            .With(input.Active ?? true));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[1].RecordsAffected == 0) return false;
        await release.RunAsync(tenant, id, onlyWhenIdle: true, cancellationToken);
        return true;
    }
}
