using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Contacts;

/// <summary>
/// Forgets what was gathered of a lead and takes it off the lists. Conversations belong to it, so its row stays, and is
/// a new lead once the customer writes again.
/// </summary>
internal sealed class DeleteLead(NpgsqlDataSource database)
{
    // Activity is noted once a minute: set back, the next message counts however soon it comes.
    private const string Sql =
        """
        update leads l set deleted_at = now(),
            last_activity_at = least(l.last_activity_at, now() - interval '1 minute'),
            status = 'open', qualification = 'unknown', score = 0, custom_data = '{}', updated_at = now()
        where l.tenant_id = $1 and l.id = $2 and (l.deleted_at is null or l.last_activity_at > l.deleted_at)
        returning l.id
        """;

    /// <summary>False when the tenant has no such lead.</summary>
    public async Task<bool> RunAsync(TenantId tenant, Guid lead, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(lead));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}
