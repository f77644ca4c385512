using Npgsql;
using Vellarys.Accounts;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ownership;

/// <summary>
/// Calls a person for customers who wrote to somebody on the company's phone and were left without a word there for
/// the tenant's time. Whoever comes back later, with nothing left open, is the bot's again (record-messages.sql).
/// </summary>
internal sealed class CallForSilentPhone(NpgsqlDataSource database)
{
    private const string Sql =
        """
        with silent as materialized (
            select c.id
            from conversations c
            where c.tenant_id = $1 and c.status = 'human' and c.user_id is null
                and c.phone_at <= now() - $2 * interval '1 minute' and phone_left_waiting(c.tenant_id, c.id)
            order by c.id
            for no key update
        )
        select o.id
        from silent s
        cross join lateral change_owner($1, s.id, 'waiting', was => 'human', why => 'phone_silent') o
        """;

    public async Task RunAsync(Tenant tenant, CancellationToken cancellationToken)
    {
        if (tenant.Settings.PhoneQuietMinutes <= 0) return;
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant.Id));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Sql).With(tenant.Id.Value).With(tenant.Settings.PhoneQuietMinutes));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
