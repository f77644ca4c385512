using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Channels.Templates;

/// <summary>
/// Keeps templates as their provider has them: reads each account's list once an hour, and what the provider says of
/// its own accord in between.
/// </summary>
internal sealed class SyncTemplates(
    NpgsqlDataSource database, IChannelDirectory channels, ITenantDirectory tenants, TemplateSource source,
    TimeProvider time, ILogger<SyncTemplates> logger) : IJob
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly string UpsertSql = EngineSql.Of<SyncTemplates>("upsert-templates.sql");
    private static readonly string EventsSql = EngineSql.Of<SyncTemplates>("apply-template-events.sql");

    public JobSchedule Schedule => JobSchedules.SyncTemplates;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<TemplateEvent> events = await EventsAsync(cancellationToken);
        await ForEachTenant.RunAsync(
            await tenants.AllAsync(cancellationToken), logger,
            async tenant =>
            {
                if (events.Count > 0) await ApplyAsync(tenant.Id, events, cancellationToken);
                foreach ((Guid channel, string account, DateTime? at) in
                    await AccountsAsync(tenant.Id, cancellationToken))
                {
                    if (at is null || time.GetUtcNow() - at.Value >= Every)
                        await RunAsync(tenant.Id, new ChannelId(channel), account, cancellationToken);
                }
            },
            cancellationToken);
    }

    /// <summary>One account; the provider's code where it does not say.</summary>
    public async Task<string?> RunAsync(
        TenantId tenant, ChannelId id, string account, CancellationToken cancellationToken)
    {
        if (await channels.FindAsync(id, cancellationToken) is not { } channel || channel.Tenant != tenant)
            return "no_channel";
        (IReadOnlyList<ListedTemplate>? all, string? code) =
            await source.ListAsync(channel, account, cancellationToken);
        if (all is null)
        {
            Log.TemplatesNotListed(logger, id, tenant, code!);
            return code;
        }

        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(UpsertSql)
            .With(tenant.Value)
            .With(id.Value)
            .WithColumn(all, _ => Ids.New(time))
            .WithColumn(all, t => t.ProviderId)
            .WithColumn(all, t => t.Name)
            .WithColumn(all, t => t.Language)
            .WithColumn(all, t => t.Category)
            .WithColumn(all, t => t.Status)
            .WithColumn(all, t => t.Reason)
            .WithColumn(all, t => t.Quality)
            .WithColumn(all, t => t.Body)
            .WithColumn(all, t => TemplateText.PlacesOf(t.Body))
            .With(account));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return null;
    }

    private async Task<List<(Guid Channel, string Account, DateTime? At)>> AccountsAsync(
        TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select a.channel_id, a.account, a.synced_at from template_accounts a where a.tenant_id = $1")
            .With(tenant.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        List<(Guid, string, DateTime?)> accounts = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            accounts.Add((
                reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetDateTime(2)));
        }

        return accounts;
    }

    private async Task ApplyAsync(
        TenantId tenant, IReadOnlyList<TemplateEvent> events, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(EventsSql)
            .With(tenant.Value)
            .WithColumn(events, e => e.ProviderId)
            .WithColumn(events, e => e.Status)
            .WithColumn(events, e => e.Reason)
            .WithColumn(events, e => e.Quality)
            .WithColumn(events, e => e.Category)
            .WithColumn(events, e => e.At));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What lies there of the last day, the oldest first; an older one says less than the last list.</summary>
    private async Task<IReadOnlyList<TemplateEvent>> EventsAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            """
            select e.type, e.raw, e.received_at
            from template_events e
            where e.received_at > now() - interval '1 day'
            order by e.received_at
            limit 1000
            """);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<TemplateEvent> events = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!reader.IsDBNull(1)
                && TemplateEvent.Read(reader.GetString(0), reader.GetString(1), reader.GetDateTime(2)) is { } read)
                events.Add(read);
        }

        return events;
    }
}
