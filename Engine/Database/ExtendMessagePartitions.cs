using Npgsql;
using Vellarys.Jobs;

namespace Vellarys.Database;

/// <summary>
/// Keeps the coming months' partitions of <c>messages</c> in place. Migrations make them too; this is for a process
/// that outlives them.
/// </summary>
internal sealed class ExtendMessagePartitions(NpgsqlDataSource database) : IJob
{
    public JobSchedule Schedule => JobSchedules.MessagePartitions;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("call ensure_message_partitions()");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
