using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Storage;

/// <summary>pg_dump's view of a database, less what differs between servers and months.</summary>
internal static partial class SchemaDump
{
    public static async Task<string> OfAsync(TestDatabase db) =>
        Normalise(await DumpAsync(db, "--schema-only", "--no-owner", "--exclude-table=messages_2*"));

    /// <summary>All that a backup would hold.</summary>
    public static Task<string> RowsAsync(TestDatabase db) => DumpAsync(db, "--data-only");

    private static async Task<string> DumpAsync(TestDatabase db, params string[] what)
    {
        NpgsqlConnectionStringBuilder server = TestDatabase.Server(db.Name);
        ProcessStartInfo start = new(PgDump())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                $"--host={server.Host}", $"--port={server.Port}", $"--username={server.Username}",
                $"--dbname={db.Name}",
            },
            Environment = { ["PGPASSWORD"] = server.Password ?? "" },
        };
        foreach (string one in what) start.ArgumentList.Add(one);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string dump = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? dump
            : throw new InvalidOperationException($"pg_dump failed: {await errors}");
    }

    // Settings, comments and the \restrict lines vary with the version and the run.
    private static string Normalise(string dump)
    {
        IEnumerable<string> lines = dump.Split('\n').Select(l => l.TrimEnd()).Where(l => !Noise().IsMatch(l));
        return BlankLines().Replace(string.Join('\n', lines), "\n\n").Trim() + "\n";
    }

    // A newer pg_dump reads an older server, never the other way round: take the newest.
    private static string PgDump() =>
        Directories().Select(folder => Path.Combine(folder, "pg_dump")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            "This test needs pg_dump: install PostgreSQL's client programs (Debian's postgresql-client).");

    private static IEnumerable<string> Directories()
    {
        const string debian = "/usr/lib/postgresql";
        IEnumerable<string> versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return versions.OrderByDescending(v => int.TryParse(Path.GetFileName(v), out int major) ? major : 0)
            .Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
    }

    [GeneratedRegex(@"^(--|SET |COMMENT ON EXTENSION |SELECT pg_catalog\.set_config|\\(un)?restrict )")]
    private static partial Regex Noise();

    [GeneratedRegex(@"\n{3,}")]
    private static partial Regex BlankLines();
}
