using Npgsql;
using Vellarys.Jobs;
using Vellarys.Storage;

namespace Vellarys.Channels.Stops;

/// <summary>
/// Looks at stopped channels whose time has come. What waits for a channel looks as well; this is for those that
/// nothing waits for, and for those whose back-off is longer than anything waits.
/// </summary>
internal sealed class ProbeChannels(NpgsqlDataSource database, IChannelDirectory directory, ChannelStops stops) : IJob
{
    private const string Sql =
        """
        select id from channels
        where status = 'stopped' and stopped_by is distinct from 'operator'
            and coalesce(next_probe_at, now()) <= now()
        order by next_probe_at nulls first
        limit 200
        """;

    public JobSchedule Schedule => JobSchedules.ProbeChannels;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (ChannelId id in await DueAsync(cancellationToken))
        {
            if (await directory.FindAsync(id, cancellationToken) is { } channel)
                await stops.LookAsync(channel, cancellationToken);
        }
    }

    private async Task<List<ChannelId>> DueAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var due = new List<ChannelId>();
        while (await reader.ReadAsync(cancellationToken)) due.Add(new ChannelId(reader.GetGuid(0)));
        return due;
    }
}
