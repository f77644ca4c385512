using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vellarys.Tests.Support;

/// <summary>
/// A real Redis on a loopback port: one for the process, started when first asked for and ended with it.
/// </summary>
internal static class RedisServer
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static int _port;

    /// <summary>A connection to an empty database of that number.</summary>
    public static async Task<RespClient> EmptyAsync(int database)
    {
        RespClient client = await ConnectAsync(database);
        await client.CallAsync("FLUSHDB");
        return client;
    }

    public static async Task<RespClient> ConnectAsync(int database)
    {
        await Gate.WaitAsync();
        try
        {
            if (_port == 0) _port = await StartAsync();
        }
        finally
        {
            Gate.Release();
        }

        RespClient client = await RespClient.ConnectAsync(_port);
        await client.CallAsync("SELECT", database.ToString(CultureInfo.InvariantCulture));
        return client;
    }

    private static async Task<int> StartAsync()
    {
        string program = Find() ?? throw new InvalidOperationException(
            "This test needs redis-server (Debian's package redis-server) in PATH.");
        int port = FreePort();
        ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no", "--dir", Path.GetTempPath(),
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(process);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await AnswersAsync(port, process);
        return port;
    }

    private static async Task AnswersAsync(int port, Process process)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using RespClient client = await RespClient.ConnectAsync(port);
                await client.CallAsync("PING");
                return;
            }
            catch (SocketException) when (attempt < 200 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
            }
        }
    }

    private static void End(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
}
