using System.Diagnostics;
using Npgsql;
using Vellarys.Health;

namespace Vellarys.Database;

/// <summary>One round trip on a pooled connection; an exhausted pool shows as a timeout.</summary>
internal sealed class DatabaseProbe(NpgsqlDataSource database) : IDependencyProbe
{
    public string Name => "database";

    public DependencyLevel OnFailure => DependencyLevel.Unhealthy;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        await using NpgsqlCommand command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
        long latencyMs = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return new DependencyState(
            DependencyLevel.Healthy, "up", new Dictionary<string, long> { ["latencyMs"] = latencyMs });
    }
}
