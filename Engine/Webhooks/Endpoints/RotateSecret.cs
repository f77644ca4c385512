using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>
/// Gives an endpoint a new secret. The one before signs beside it for a while, so that the receiver can change over
/// without a call that it cannot verify.
/// </summary>
internal sealed class RotateSecret(NpgsqlDataSource database, WebhookSecrets secrets)
{
    private const string Sql =
        """
        with found as materialized (
            select p.id, p.previous_until > now() as is_open
            from webhook_endpoints p
            where p.tenant_id = $1 and p.id = $2
            for no key update
        ),
        rotated as (
            update webhook_endpoints p set
                previous_secret = case when $4::interval > interval '0' then p.secret end,
                previous_until = case when $4::interval > interval '0' then now() + $4::interval end,
                secret = $3, updated_at = now()
            from found f
            where p.tenant_id = $1 and p.id = f.id and ($5 or not coalesce(f.is_open, false))
            returning p.previous_until
        )
        select (select count(*) from rotated) = 1, (select r.previous_until from rotated r) from found f
        """;

    /// <param name="overlap">How long both sign; zero for a secret that leaked.</param>
    /// <param name="force">Also while an earlier change is under way: then the older of the three is void.</param>
    public async Task<SecretChange> RunAsync(
        TenantId tenant, Guid id, TimeSpan overlap, bool force, CancellationToken cancellationToken)
    {
        string secret = WebhookSecret.New();
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(id)
            .With(secrets.Seal(tenant, id, secret))
            .With(overlap)
            .With(force));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new SecretChange.NotFound();
        if (!reader.GetBoolean(0)) return new SecretChange.UnderWay();
        return new SecretChange.Done(secret, reader.IsDBNull(1) ? null : reader.GetDateTime(1));
    }
}

/// <summary>What rotating a secret led to.</summary>
internal abstract record SecretChange
{
    private SecretChange()
    {
    }

    public sealed record Done(string Secret, DateTime? PreviousUntil) : SecretChange;

    public sealed record NotFound : SecretChange;

    /// <summary>The receiver may still verify with the older secret, which one more change would void.</summary>
    public sealed record UnderWay : SecretChange;
}
