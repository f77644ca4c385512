using Dapper;
using Npgsql;

namespace Vellarys.Jobs;

/// <summary>The table <c>job_runs</c>.</summary>
internal sealed class JobRuns(NpgsqlDataSource database)
{
    private const string Columns =
        """
        select name, last_started_at as "LastStartedAt", last_succeeded_at as "LastSucceededAt",
            last_failed_at as "LastFailedAt", last_duration_ms as "LastDurationMs",
            last_failure_code as "LastFailureCode", consecutive_failures as "ConsecutiveFailures", now() as "ReadAt"
        from job_runs
        """;

    public async Task<IReadOnlyDictionary<string, JobState>> ReadAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<JobState> rows = await connection.QueryAsync<JobState>(
            new CommandDefinition(Columns, cancellationToken: cancellationToken));
        return rows.ToDictionary(r => r.Name);
    }

    public async Task<JobState> ReadAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).GetValueOrDefault(name) ?? new JobState(name);

    public Task StartedAsync(string name, CancellationToken cancellationToken) => WriteAsync(
        """
        insert into job_runs (name, last_started_at) values ($1, clock_timestamp())
        on conflict (name) do update set last_started_at = excluded.last_started_at
        """,
        [name],
        cancellationToken);

    public Task SucceededAsync(string name, TimeSpan duration, CancellationToken cancellationToken) => WriteAsync(
        """
        insert into job_runs as j (name, last_started_at, last_succeeded_at, last_duration_ms)
        values ($1, clock_timestamp() - $2::bigint * interval '1 ms', clock_timestamp(), $2)
        on conflict (name) do update set
            last_started_at = greatest(j.last_started_at, excluded.last_started_at),
            last_succeeded_at = excluded.last_succeeded_at, last_duration_ms = excluded.last_duration_ms,
            consecutive_failures = 0
        """,
        [name, (long)duration.TotalMilliseconds],
        cancellationToken);

    public Task FailedAsync(string name, TimeSpan duration, string code, CancellationToken cancellationToken) =>
        WriteAsync(
            """
            insert into job_runs as j (name, last_started_at, last_failed_at, last_duration_ms, last_failure_code,
                consecutive_failures)
            values ($1, clock_timestamp() - $2::bigint * interval '1 ms', clock_timestamp(), $2, $3, 1)
            on conflict (name) do update set
                last_started_at = greatest(j.last_started_at, excluded.last_started_at),
                last_failed_at = excluded.last_failed_at, last_duration_ms = excluded.last_duration_ms,
                last_failure_code = excluded.last_failure_code, consecutive_failures = j.consecutive_failures + 1
            """,
            [name, (long)duration.TotalMilliseconds, code],
            cancellationToken);

    private async Task WriteAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
