using System.Text.Json;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts;

/// <summary>Adds a tenant. With an id that is there already it changes nothing, so that set-up can run again.</summary>
public sealed class CreateTenant(NpgsqlDataSource database, ITenantDirectory directory)
{
    /// <summary>True when the tenant is new.</summary>
    public async Task<bool> RunAsync(
        TenantId id, string name, string locale, TenantSettings settings, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(id));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into tenants (id, name, locale, settings) values ($1, $2, $3, $4::jsonb)
            on conflict (id) do nothing
            """)
            .With(id.Value)
            .With(name)
            .With(locale)
            .With(JsonSerializer.Serialize(settings, TenantJson.Default.TenantSettings)));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }

        directory.Invalidate();
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
