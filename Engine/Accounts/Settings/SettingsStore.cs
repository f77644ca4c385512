using System.Text.Json;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Settings;

/// <summary>
/// A tenant's settings as they are stored, with the mark by which a change of somebody else's is noticed.
/// </summary>
internal sealed class SettingsStore(NpgsqlDataSource database, ITenantDirectory directory)
{
    private const string Find = "select settings::text, md5(settings::text) from tenants where id = $1";

    private const string Change =
        """
        update tenants set settings = $2::jsonb, updated_at = now()
        where id = $1 and ($3 = '*' or md5(settings::text) = $3)
        """;

    public async Task<StoredDocument> ReadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Find).With(tenant.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new StoredDocument(StoredSettings.Read(reader.GetString(0)).Settings, reader.GetString(1));
    }

    /// <summary>False when they are no longer those that <paramref name="tag"/> marks.</summary>
    /// <param name="settings">Without a fault.</param>
    public async Task<bool> SaveAsync(
        TenantId tenant, TenantSettings settings, string tag, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        // What was said until now is a version as well.
        batch.BatchCommands.Add(Keep(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Change)
            .With(tenant.Value)
            .With(JsonSerializer.Serialize(settings, TenantJson.Default.TenantSettings))
            .With(tag));
        batch.BatchCommands.Add(Keep(tenant));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        directory.Invalidate();
        return batch.BatchCommands[2].RecordsAffected > 0;
    }

    private static NpgsqlBatchCommand Keep(TenantId tenant) =>
        new NpgsqlBatchCommand("select keep_prompt($1)").With(tenant.Value);
}

/// <summary>Settings, and what marks this state of them.</summary>
internal sealed record StoredDocument(TenantSettings Settings, string Tag);
