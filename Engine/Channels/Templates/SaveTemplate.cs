using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Channels.Templates;

/// <summary>Keeps a template, new or changed; handed in to the provider where it takes them.</summary>
internal sealed class SaveTemplate(
    NpgsqlDataSource database, IChannelDirectory channels, TemplateSource source, TimeProvider time)
{
    private const string ChannelSql =
        """
        select c.id, c.settings ->> 'wabaId', t.id, t.provider_id
        from channels c
        left join message_templates t on t.tenant_id = c.tenant_id and t.id = $3
        where c.tenant_id = $1 and c.id = coalesce(t.channel_id, $2, only_channel($1))
        """;

    private const string AddSql =
        """
        insert into message_templates (tenant_id, id, channel_id, name, language, category, status, reason, body,
            places, provider_id, synced_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, case when $11::text is not null then now() end)
        on conflict (tenant_id, channel_id, name, language) do nothing
        """;

    private const string ChangeSql =
        """
        update message_templates t set category = $3, status = $4, reason = $5, body = $6, places = $7,
            provider_id = coalesce($8, t.provider_id), updated_at = now()
        where t.tenant_id = $1 and t.id = $2
        """;

    /// <param name="id">Null for a new one.</param>
    /// <param name="input">Without a fault.</param>
    public async Task<TemplateSaved> RunAsync(
        TenantId tenant, Guid? id, TemplateInput input, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        (Guid Channel, string? Account, Guid? Known, string? ProviderId)? read =
            await ReadAsync(connection, tenant, input.ChannelId, id, cancellationToken);
        if (read is not { } place || await channels.FindAsync(new ChannelId(place.Channel), cancellationToken)
            is not { } channel)
            return new TemplateSaved.Invalid("channelId", "is no channel, or is required");
        if (id is not null && place.Known is null) return new TemplateSaved.NotFound();

        (string status, string? reason, string? provider) = (input.Status ?? "draft", null, place.ProviderId);
        if (place.Account is { } account)
        {
            if (input.Status == "approved")
                return new TemplateSaved.Invalid("status", "is the provider's to give");
            TemplateHandedIn handed =
                await source.HandInAsync(channel, account, place.ProviderId, input, cancellationToken);
            if (handed.Refusal is { } refusal) return new TemplateSaved.Refused(refusal);
            (status, provider) = (handed.Status ?? "pending", handed.ProviderId ?? provider);
        }

        Guid key = id ?? Ids.New(time);
        int places = TemplateText.PlacesOf(input.Body!);
        NpgsqlBatchCommand command = id is null
            ? new NpgsqlBatchCommand(AddSql).With(tenant.Value).With(key).With(place.Channel).With(input.Name)
                .With(input.Language).With(input.Category).With(status).With(reason).With(input.Body).With(places)
                .With(provider)
            : new NpgsqlBatchCommand(ChangeSql).With(tenant.Value).With(key).With(input.Category).With(status)
                .With(reason).With(input.Body).With(places).With(provider);
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return command.RecordsAffected == 1 ? new TemplateSaved.Done(key) : new TemplateSaved.Taken();
    }

    private static async Task<(Guid, string?, Guid?, string?)?> ReadAsync(
        NpgsqlConnection connection, TenantId tenant, Guid? channel, Guid? id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = connection.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ChannelSql).With(tenant.Value).With(channel).With(id));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return (
            reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.IsDBNull(3) ? null : reader.GetString(3));
    }
}

/// <summary>What saving a template led to.</summary>
internal abstract record TemplateSaved
{
    private TemplateSaved()
    {
    }

    public sealed record Done(Guid Id) : TemplateSaved;

    public sealed record NotFound : TemplateSaved;

    /// <summary>The number has one of this name and language.</summary>
    public sealed record Taken : TemplateSaved;

    public sealed record Invalid(string Field, string Reason) : TemplateSaved;

    /// <param name="Code">The provider's.</param>
    public sealed record Refused(string Code) : TemplateSaved;
}
