using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// Releases what dead processes had leased, as soon as their session is gone. Without a session (no direct connection)
/// a lease just runs out.
/// </summary>
internal sealed class DeadLeases(
    NpgsqlDataSource source, LocalConsumers local, PeerNotifier peers, ILogger<DeadLeases> logger)
{
    // Another role's sessions show no start time; then the process id must do.
    private const string Suspects =
        """
        select c.id from queue_consumers c
        where c.id <> $1 and not exists (
            select from pg_stat_activity a
            where a.pid = c.backend_pid and coalesce(a.backend_start, c.backend_start) = c.backend_start)
        """;

    private static readonly string Release = EngineSql.Of<DeadLeases>("release-dead.sql");

    public async Task ReleaseAsync()
    {
        Guid[] suspects = await SuspectsAsync();
        if (suspects.Length == 0) return;
        int released = 0;
        await using NpgsqlBatch batch = source.CreateWorkerBatch(Release, Sql.Value(suspects));
        await using NpgsqlDataReader reader = await batch.ReadRowsAsync(CancellationToken.None);
        while (await reader.ReadAsync())
        {
            string queue = reader.GetString(0);
            released += reader.GetInt32(1);
            local.Find(queue)?.Wake();
            peers.Tell(queue);
        }

        if (released > 0) Log.LeasesReleased(logger, released, suspects.Length);
    }

    private async Task<Guid[]> SuspectsAsync()
    {
        await using NpgsqlCommand command = source.CreateCommand(Suspects);
        command.Parameters.Add(Sql.Value(local.Id));
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<Guid> suspects = [];
        while (await reader.ReadAsync()) suspects.Add(reader.GetGuid(0));
        return [.. suspects];
    }
}
