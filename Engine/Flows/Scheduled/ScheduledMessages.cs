using System.Text.Json;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Flows.Scheduled;

/// <summary>The messages of a tenant that wait for their time: listed, made and cancelled.</summary>
internal sealed class ScheduledMessages(NpgsqlDataSource database, TenantReader reader, TimeProvider time)
{
    private static readonly string ListSql = EngineSql.Of<ScheduledMessages>("list-scheduled.sql");
    private static readonly string AddSql = EngineSql.Of<ScheduledMessages>("add-scheduled.sql");
    private static readonly string CancelSql = EngineSql.Of<ScheduledMessages>("cancel-scheduled.sql");

    public Task<IReadOnlyList<ScheduledRow>> ListAsync(
        TenantId tenant, string? status, DateTime? afterAt, Guid? afterId, int rows,
        CancellationToken cancellationToken) =>
        reader.QueryAsync<ScheduledRow>(tenant, List(tenant, null, status, afterAt, afterId, rows), cancellationToken);

    public Task<ScheduledRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        reader.FindAsync<ScheduledRow>(tenant, List(tenant, id, null, null, null, 1), cancellationToken);

    /// <summary>Its id, or what is wrong with the channel, the contact or the template.</summary>
    public async Task<(Guid Id, string? Field, string? Reason)> AddAsync(
        TenantId tenant, NewScheduled message, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        string? template = message.Template is null
            ? null
            : JsonSerializer.Serialize(message.Template, TemplateMessageJson.Default.TemplateMessage);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AddSql)
            .With(tenant.Value)
            .With(id)
            .With(message.Channel)
            .With(message.Contact)
            .With(message.Text)
            .With(template)
            .With(message.SendAt.UtcDateTime)
            .With(message.Template?.Name)
            .With(message.Template?.Language)
            .With(message.Template?.Parameters.Count));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'flow-events')"));
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return rows.IsDBNull(0) ? (id, null, null) : (id, rows.GetString(0), rows.GetString(1));
    }

    /// <summary>Null when there is none; false when it is on its way or over.</summary>
    public async Task<bool?> CancelAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        // Locked by itself: what the next statement sees stands still.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select s.id from scheduled_messages s where s.tenant_id = $1 and s.id = $2 for no key update")
            .With(tenant.Value)
            .With(id));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CancelSql).With(tenant.Value).With(id));
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken)) return null;
        await rows.NextResultAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand List(
        TenantId tenant, Guid? id, string? status, DateTime? afterAt, Guid? afterId, int rows) =>
        new NpgsqlBatchCommand(ListSql)
            .With(tenant.Value)
            .With(id)
            .With(status)
            .With(afterAt)
            .With(afterId)
            .With(rows)
            .OnlyGiven();
}

/// <summary>A message as somebody wants it sent.</summary>
internal sealed record NewScheduled(
    Guid? Channel, Guid Contact, string Text, TemplateMessage? Template, DateTimeOffset SendAt);
