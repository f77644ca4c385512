using Npgsql;

namespace Vellarys.Operations;

/// <summary>
/// Keeps the coming months' partitions of <c>messages</c> in place. Migrations make them too; this is for a process
/// that outlives them.
/// </summary>
public sealed class ExtendMessagePartitions(NpgsqlDataSource database) : IJob
{
    public string Name => "message-partitions";

    public TimeSpan Every => TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("call ensure_message_partitions()");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
