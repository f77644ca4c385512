using Npgsql;
using Vellarys.Accounts.Teams;
using Vellarys.Storage;

namespace Vellarys.Channels.Stops;

/// <summary>The statements behind <see cref="ChannelStops"/>.</summary>
public sealed class ChannelStopsStore(NpgsqlDataSource database)
{
    private const string Works =
        """
        update channels set doubt_code = null, doubted_at = null, probes = 0
        where tenant_id = $1 and id = $2 and status = 'active' and doubted_at is not null
        """;

    // Resumed by itself it stays in doubt until a send goes through.
    private const string Resume =
        """
        update channels set status = 'active', stop_code = null, stopped_by = null, stopped_at = null,
            next_probe_at = null, updated_at = now(),
            probes = case when $3 then 0 else probes end,
            doubt_code = case when $3 then null else doubt_code end,
            doubted_at = case when $3 then null else coalesce(doubted_at, now()) end
        where tenant_id = $1 and id = $2 and status = 'stopped' and ($3 or stopped_by is distinct from 'operator')
        """;

    private const string Stop =
        """
        update channels set status = 'stopped', stop_code = 'operator', stopped_by = 'operator', stopped_at = now(),
            next_probe_at = null, updated_at = now()
        where tenant_id = $1 and id = $2 and stopped_by is distinct from 'operator'
        """;

    private static readonly string Refused = EngineSql.Of<ChannelStopsStore>("channel-refused.sql");
    private static readonly string Due = EngineSql.Of<ChannelStopsStore>("channel-due.sql");
    private static readonly string List = EngineSql.Of<ChannelStopsStore>("list-channels.sql");

    /// <summary>Null: it is stopped already, or gone.</summary>
    internal async Task<ChannelRefusal?> RefusedAsync(
        Channel channel, string code, DateTime claimedAt, bool isProven)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        ChannelRefusal? refusal = null;
        await using (var batch = new NpgsqlBatch(connection, transaction))
        {
            batch.BatchCommands.Add(TenantScope.For(channel.Tenant));
            batch.BatchCommands.Add(Of(Refused, channel.Tenant, channel.Id)
                .With(code).With(claimedAt).With(isProven));
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            if (await reader.ReadAsync())
            {
                refusal = new ChannelRefusal(
                    reader.GetBoolean(0), reader.GetBoolean(1), TimeSpan.FromMilliseconds(reader.GetDouble(2)));
            }
        }

        if (refusal is { Stopped: true })
        {
            await using var notify = new NpgsqlBatch(connection, transaction);
            notify.BatchCommands.Add(NotifyStaff.Command(
                channel.Tenant, conversation: null, agent: null, "channel_stopped",
                new() { ["channel"] = channel.Id.Value, ["code"] = code }));
            await notify.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return refusal;
    }

    internal async Task<ChannelStanding> TakeLookAsync(Channel channel)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(channel.Tenant));
        batch.BatchCommands.Add(Of(Due, channel.Tenant, channel.Id));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        if (!await reader.ReadAsync()) return new ChannelStanding(IsActive: false, IsDue: false, null);
        return new ChannelStanding(
            reader.GetString(0) == "active", reader.GetBoolean(1),
            reader.IsDBNull(2) ? null : TimeSpan.FromMilliseconds(reader.GetDouble(2)));
    }

    /// <summary>Whether it was in doubt.</summary>
    internal Task<bool> WorksAsync(Channel channel) =>
        ChangeAsync(Of(Works, channel.Tenant, channel.Id), channel.Tenant);

    /// <summary>Whether it was stopped.</summary>
    internal Task<bool> ResumeAsync(TenantId tenant, ChannelId channel, bool byOperator) =>
        ChangeAsync(Of(Resume, tenant, channel).With(byOperator), tenant);

    /// <summary>Whether no person had stopped it before.</summary>
    internal Task<bool> StopAsync(TenantId tenant, ChannelId channel) =>
        ChangeAsync(Of(Stop, tenant, channel), tenant);

    internal Task<IReadOnlyList<ChannelRow>> ListAsync(
        TenantId tenant, ChannelId? channel, CancellationToken cancellationToken) =>
        new TenantReader(database).QueryAsync<ChannelRow>(
            tenant, new NpgsqlBatchCommand(List).With(tenant.Value).With(channel?.Value), cancellationToken);

    private static NpgsqlBatchCommand Of(string sql, TenantId tenant, ChannelId channel) =>
        new NpgsqlBatchCommand(sql).With(tenant.Value).With(channel.Value);

    private async Task<bool> ChangeAsync(NpgsqlBatchCommand change, TenantId tenant)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(change);
        await batch.ExecuteNonQueryAsync();
        return change.RecordsAffected > 0;
    }
}

/// <summary>What a refusal of the account changed.</summary>
/// <param name="IsFresh">It was not in doubt before.</param>
/// <param name="NextProbe">Until the first look at a stopped one.</param>
internal sealed record ChannelRefusal(bool IsFresh, bool Stopped, TimeSpan NextProbe);

/// <param name="IsDue">The look is the caller's to take.</param>
/// <param name="NextProbe">Until the next look; null where only a person starts it again.</param>
internal sealed record ChannelStanding(bool IsActive, bool IsDue, TimeSpan? NextProbe);
