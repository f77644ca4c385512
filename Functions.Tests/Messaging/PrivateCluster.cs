using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Vellarys.Tests.Messaging;

/// <summary>
/// A PostgreSQL server of one's own, for tests that stop it. Fails clearly where the server's programs are missing.
/// </summary>
internal sealed class PrivateCluster : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("vellarys-cluster-").FullName;
    private readonly string _programs = Programs();
    private readonly int _port = FreePort();

    public string Url => $"postgres://postgres@127.0.0.1:{_port}/postgres";

    private string DataDirectory => Path.Combine(_directory, "data");

    public static async Task<PrivateCluster> StartAsync()
    {
        PrivateCluster cluster = new();
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "postgres", cluster._directory);
        await cluster.RunAsServerAsync(
            "initdb", "-D", cluster.DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale");
        await cluster.PowerOnAsync();
        return cluster;
    }

    public Task PowerOnAsync() => RunAsServerAsync(
        "pg_ctl", "-D", DataDirectory, "-w", "-t", "60", "-l", Path.Combine(_directory, "log"), "-o",
        $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", "start");

    /// <summary>As a crash would: no checkpoint, no goodbye.</summary>
    public Task PowerOffAsync() => RunAsServerAsync("pg_ctl", "-D", DataDirectory, "-w", "-m", "immediate", "stop");

    public async ValueTask DisposeAsync()
    {
        await PowerOffAsync();
        Directory.Delete(_directory, recursive: true);
    }

    // The server refuses to run as root.
    private Task RunAsServerAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Its output is not read: the server inherits it and would keep the pipe open.
        ProcessStartInfo start = new(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", program, .. arguments])
        {
            WorkingDirectory = "/",
        };
        using Process process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string Programs() =>
        new[] { "/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt" }
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Select(d => Path.Combine(d, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Where(d => File.Exists(Path.Combine(d, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        ?? throw new InvalidOperationException(
            "This test stops and starts a PostgreSQL server of its own and finds no initdb. Install postgresql.");

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
