using Npgsql;
using Vellarys.Database.Indexes;
using Vellarys.Database.Pool;
using Vellarys.Storage;

namespace Vellarys.Operations;

/// <summary>The checks of the doctor that look at the database.</summary>
internal sealed class CheckDatabase(
    NpgsqlDataSource database, ReadPool pool, ReadIndexes indexes, OperationsOptions options, TimeProvider time)
{
    private const int FewConnections = 15;

    private const string Held =
        """
        select r.rolsuper or r.rolbypassrls,
            (select a.last_archived_time from pg_stat_archiver a
             where a.last_failed_time is null or a.last_archived_time >= a.last_failed_time)
        from pg_roles r where r.rolname = current_user
        """;

    public async Task<DoctorCheck[]> RunAsync(CancellationToken cancellationToken)
    {
        bool passesWalls;
        DateTime? archived;
        await using (NpgsqlCommand command = database.CreateCommand(Held))
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            passesWalls = reader.GetBoolean(0);
            archived = reader.IsDBNull(1) ? null : reader.GetDateTime(1);
        }

        return [Pool(), await IndexesAsync(cancellationToken), Tests(passesWalls), Backup(archived)];
    }

    private DoctorCheck Pool()
    {
        PoolReport report = pool.Run();
        string seen = $"{report.Configuration.PoolSize} connections and {report.Configuration.MaxOverflow} more, "
            + $"{report.CurrentState.CheckedOut} in use.";
        if (report.Level == PoolLevel.Degraded)
        {
            return DoctorCheck.Red(
                DoctorChecks.Pool, seen, "Work waits for them: raise Database:ConnectionBudget, see /health/pool.");
        }

        return report.CurrentState.TotalCapacity < FewConnections
            ? DoctorCheck.Yellow(DoctorChecks.Pool, seen, "Give it more: DB_POOL_SIZE=15 and DB_MAX_OVERFLOW=30.")
            : DoctorCheck.Green(DoctorChecks.Pool, seen);
    }

    private async Task<DoctorCheck> IndexesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexFault> faults = IndexFaults.Of(
            ExpectedIndex.All(), await indexes.RunAsync(cancellationToken));
        return faults.Count == 0
            ? DoctorCheck.Green(DoctorChecks.Indexes, "All that the migrations make are there and sound.")
            : DoctorCheck.Red(
                DoctorChecks.Indexes,
                string.Join(", ", faults.Select(f => $"{f.Name} is {f.Kind}")) + ".",
                "As the owner of the tables: " + string.Join("; ", faults.Select(f => f.Statement)) + ".");
    }

    private static DoctorCheck Tests(bool passesWalls) => passesWalls
        ? DoctorCheck.Red(
            DoctorChecks.Tests, "The product's database role passes by the walls between companies.",
            "Let DATABASE_APP_URL name a role that is no superuser and has no BYPASSRLS.")
        : DoctorCheck.Unknown(
            DoctorChecks.Tests,
            "The five run with each build and not here; the walls between companies stand in this database.",
            "Before a release: ./test FullyQualifiedName~Critical.");

    private DoctorCheck Backup(DateTime? archived)
    {
        DateTime? last = archived;
        string from = "The database's archive";
        if (options.BackupStamp.Length > 0)
        {
            var stamp = new FileInfo(options.BackupStamp);
            last = stamp.Exists ? stamp.LastWriteTimeUtc : null;
            from = "The backup's stamp";
        }

        if (last is { } at && time.GetUtcNow().UtcDateTime - at <= options.BackupMaxAge)
            return DoctorCheck.Green(DoctorChecks.Backup, $"{from} is of {at:yyyy-MM-dd HH:mm} UTC.");
        return options.BackupStamp.Length > 0
            ? DoctorCheck.Red(
                DoctorChecks.Backup, last is null ? "The backup's stamp is not there." : $"{from} is too old.",
                "See why the backup's job does not write its stamp (Operations:BackupStamp).")
            : DoctorCheck.Unknown(
                DoctorChecks.Backup, "Backups are made elsewhere, and nothing here says when.",
                "Let the backup's job write a file, and name it as Operations:BackupStamp.");
    }
}
