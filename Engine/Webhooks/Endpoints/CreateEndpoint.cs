using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>Adds an endpoint; its secret is shown this once.</summary>
internal sealed class CreateEndpoint(
    NpgsqlDataSource database, WebhookSecrets secrets, WebhookOptions options, TimeProvider time)
{
    private const string Sql =
        """
        insert into webhook_endpoints (tenant_id, id, url, description, events, includes_text, includes_contact,
            secret, status, disabled_by, disabled_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, case when $9 then 'active' else 'disabled' end,
            case when $9 then null else 'staff' end, case when $9 then null else now() end
        where (select count(*) from webhook_endpoints p where p.tenant_id = $1) < $10
        """;

    /// <summary>Null when the tenant has as many as it may.</summary>
    public async Task<(Guid Id, string Secret)?> RunAsync(
        TenantId tenant, EndpointInput input, CancellationToken cancellationToken)
    {
        (Guid id, string secret) = (Ids.New(time), WebhookSecret.New());
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
            .With(secrets.Seal(tenant, id, secret))
            .With(input.Active ?? true)
            .With(options.MaxEndpoints));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1 ? (id, secret) : null;
    }
}
