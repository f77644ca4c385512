using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Database.Pool;

/// <summary>
/// Every instance's sessions, told apart by their <c>application_name</c>: the database's own view of the whole
/// installation, which also has the instance that hangs. An instance that has no session is not in it.
/// </summary>
internal sealed class ReadInstances(NpgsqlDataSource database, TimeProvider time)
{
    private const int MostListed = 100;
    private static readonly string Sql = EngineSql.Of<ReadInstances>("instances.sql");

    /// <summary>With the database, or for a connection. Whoever asks wants to know now.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Never throws for want of a connection: then it is not known.</summary>
    public async Task<InstancesReport> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ReadAsync(either.Token);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return InstancesReport.Unknown;
        }
    }

    private async Task<InstancesReport> ReadAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = InstanceName.Prefix });
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken);
        List<InstanceSessions> all = [];
        int most = 0;
        while (await row.ReadAsync(cancellationToken))
        {
            most = row.GetInt32(5);
            all.Add(new InstanceSessions(
                row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)));
        }

        return new InstancesReport(
            "known", all.Count, all.Sum(i => i.Connections), all.Sum(i => i.Active), most,
            [.. all.Take(MostListed)]);
    }
}
