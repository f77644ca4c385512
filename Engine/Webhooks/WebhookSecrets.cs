using Npgsql;
using Vellarys.Accounts;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Webhooks;

/// <summary>
/// Endpoints' secrets on their way into their rows and out of them. The one before is in another column of the row, but
/// was sealed as the newest: so both have one place.
/// </summary>
internal sealed class WebhookSecrets(NpgsqlDataSource database, SecretBox box, ITenantDirectory tenants)
    : ISealedSecrets
{
    private const string Due =
        """
        select p.id as "Id", p.secret as "Secret", p.previous_secret as "PreviousSecret"
        from webhook_endpoints p
        where p.tenant_id = $1 and exists (
            select from unnest(array[p.secret, p.previous_secret]) as s
            where s <> '' and case when $2 = '' then starts_with(s, 'enc:') else not starts_with(s, $2) end)
        order by p.id
        """;

    private const string Save =
        """
        update webhook_endpoints p set secret = $5, previous_secret = $6
        where p.tenant_id = $1 and p.id = $2 and p.secret = $3 and p.previous_secret is not distinct from $4
            and (p.secret, p.previous_secret) is distinct from ($5, $6)
        """;

    private const string Count =
        """
        select count(*) filter (where not starts_with(s, 'enc:')),
            count(*) filter (where starts_with(s, 'enc:') and not starts_with(s, $1))
        from webhook_endpoints p
        cross join unnest(array[p.secret, p.previous_secret]) as s
        where s <> ''
        """;

    /// <summary>Whether there is a key to seal with.</summary>
    public bool HasKey => box.HasKey;

    /// <summary>As it is to be stored.</summary>
    public string Seal(TenantId tenant, Guid endpoint, string secret) => box.Seal(secret, At(tenant, endpoint));

    /// <summary>The same with its secrets in the clear. Those that cannot be opened are none.</summary>
    public StoredDelivery Open(TenantId tenant, Guid endpoint, StoredDelivery stored) => stored with
    {
        Secret = box.Open(stored.Secret, At(tenant, endpoint)).Text,
        PreviousSecret = stored.PreviousSecret is { } previous
            && box.Open(previous, At(tenant, endpoint)) is { Fault: null } opened ? opened.Text : null,
    };

    public async Task<int> RenewAsync(CancellationToken cancellationToken)
    {
        int changed = 0;
        foreach (TenantId tenant in await tenants.EveryIdAsync(cancellationToken))
            changed += await RenewAsync(tenant, cancellationToken);
        return changed;
    }

    public async Task<SealedFigures> CountAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Count).With(box.CurrentMark));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SealedFigures(reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task<int> RenewAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        int changed = 0;
        foreach (StoredSecrets was in await new TenantReader(database).QueryAsync<StoredSecrets>(
            tenant, new NpgsqlBatchCommand(Due).With(tenant.Value).With(box.CurrentMark), cancellationToken))
        {
            await using NpgsqlBatch batch = database.CreateBatch();
            batch.BatchCommands.Add(TenantScope.For(tenant));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Save)
                .With(tenant.Value)
                .With(was.Id)
                .With(was.Secret)
                .With(was.PreviousSecret)
                .With(box.Renew(was.Secret, At(tenant, was.Id)))
                .With(was.PreviousSecret is { } previous ? box.Renew(previous, At(tenant, was.Id)) : null));
            await batch.ExecuteNonQueryAsync(cancellationToken);
            changed += (int)batch.BatchCommands[1].RecordsAffected;
        }

        return changed;
    }

    private static SecretPlace At(TenantId tenant, Guid endpoint) => new(tenant, endpoint, "webhook_endpoints.secret");

    private sealed record StoredSecrets
    {
        public Guid Id { get; init; }

        public string Secret { get; init; } = "";

        public string? PreviousSecret { get; init; }

        /// <summary>Leaves them out.</summary>
        public override string ToString() => Id.ToString();
    }
}
