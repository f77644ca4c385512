using Npgsql;
using Vellarys.Health;
using Vellarys.Storage;

namespace Vellarys.Channels.Stops;

/// <summary>
/// Degraded while a provider refuses a number: replies wait. What a person stopped is counted and no fault.
/// </summary>
internal sealed class ChannelsProbe(NpgsqlDataSource database) : IDependencyProbe
{
    private const string Sql =
        """
        select count(*) filter (where status = 'stopped' and stopped_by is distinct from 'operator'),
            count(*) filter (where status = 'stopped' and stopped_by = 'operator'),
            count(*) filter (where status = 'active' and doubted_at < now() - interval '1 minute')
        from channels
        """;

    public string Name => "channels";

    /// <summary>The database has a line of its own.</summary>
    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        long stopped = reader.GetInt64(0), doubted = reader.GetInt64(2);
        var figures = new Dictionary<string, long>
        {
            ["stopped"] = stopped, ["stoppedByOperator"] = reader.GetInt64(1), ["inDoubt"] = doubted,
        };
        return stopped > 0 ? new DependencyState(DependencyLevel.Degraded, "stopped", figures)
            : doubted > 0 ? new DependencyState(DependencyLevel.Degraded, "in doubt", figures)
            : new DependencyState(DependencyLevel.Healthy, "up", figures);
    }
}
