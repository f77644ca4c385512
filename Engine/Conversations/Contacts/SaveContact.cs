using System.Text.Json;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Contacts;

/// <summary>Changes what a company keeps of a customer. The number is the provider's, and stays.</summary>
internal sealed class SaveContact(NpgsqlDataSource database)
{
    private const string Sql =
        """
        update contacts p set name = $3, client_id = $4, metadata = $5::jsonb, updated_at = now()
        where p.tenant_id = $1 and p.id = $2 and p.status <> 'erased'
        returning p.id
        """;

    /// <summary>Null when another contact has that id of the company's; false when there is none such.</summary>
    public async Task<bool?> RunAsync(
        TenantId tenant, Guid id, string name, string? clientId, JsonElement metadata,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(id).With(name).With(clientId).With(metadata.GetRawText()));
        try
        {
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }
}
