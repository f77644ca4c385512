using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Tests.Support;

/// <summary>
/// PgBouncer in transaction mode in front of the test server: one for the process, started when first asked for and
/// ended with it. Few server connections, so that transactions of one client really move between sessions.
/// </summary>
internal static class PgBouncer
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static string? _url;

    /// <summary>Its address, or an empty string where this test goes straight to PostgreSQL.</summary>
    public static async Task<string> UrlAsync(bool? wanted)
    {
        string given = Environment.GetEnvironmentVariable("TEST_PGBOUNCER_URL") ?? "";
        bool byDefault = given.Length > 0 || Environment.GetEnvironmentVariable("TEST_PGBOUNCER") == "1";
        if (!(wanted ?? byDefault)) return "";
        if (given.Length > 0) return given;
        await Gate.WaitAsync();
        try
        {
            return _url ??= await StartAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> StartAsync()
    {
        string program = Find()
            ?? throw new InvalidOperationException("This test needs pgbouncer (Debian's package pgbouncer) in PATH.");
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("vellarys-pgbouncer-").FullName;
        string settings = Path.Combine(folder, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, Settings(port, folder));
        await File.WriteAllTextAsync(Path.Combine(folder, "users.txt"), Users());
        ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("--quiet");
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root")
        {
            // It refuses to run as root and drops to the given user, who must be able to read its files.
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
            start.ArgumentList.Add("--user=postgres");
        }

        start.ArgumentList.Add(settings);
        Process process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(process, folder);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        string url = $"postgres://127.0.0.1:{port}";
        await AnswersAsync(url, process);
        return url;
    }

    private static string Settings(int port, string folder)
    {
        NpgsqlConnectionStringBuilder server = TestDatabase.Server();
        return $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {folder}/users.txt
            pool_mode = transaction
            max_client_conn = 1000
            default_pool_size = 4
            server_idle_timeout = 5
            server_login_retry = 0.1
            """;
    }

    private static string Users()
    {
        StorageOptions options = new() { Url = TestDatabase.Server().ConnectionString };
        return $"\"{AppRole.Name}\" \"{Connections.AppPassword(options)}\"\n";
    }

    private static async Task AnswersAsync(string url, Process process)
    {
        StorageOptions options = new() { Url = TestDatabase.Server().ConnectionString, PgBouncerUrl = url };
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using NpgsqlDataSource source = NpgsqlDataSource.Create(Connections.App(options));
                await using NpgsqlConnection connection = await source.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException e) when (e is not PostgresException && attempt < 100 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    private static void End(Process process, string folder)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, "pgbouncer")).FirstOrDefault(File.Exists);
}
