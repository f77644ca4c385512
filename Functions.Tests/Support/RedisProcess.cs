using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Vellarys.Tests.Support;

/// <summary>A real Redis of one's own, that can be killed, halted and started again on the same port.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private Process? _process;

    private RedisProcess(int port) => Port = port;

    public int Port { get; }

    public static async Task<RedisProcess> StartAsync()
    {
        RedisProcess redis = new(FreePort());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => redis.Kill();
        await redis.StartAgainAsync();
        return redis;
    }

    /// <summary>Empty, as nothing is saved.</summary>
    public async Task StartAgainAsync()
    {
        string program = Find() ?? throw new InvalidOperationException(
            "This test needs redis-server (Debian's package redis-server) in PATH.");
        ProcessStartInfo start = new(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "",
            "--appendonly", "no", "--maxmemory-policy", "allkeys-lru", "--dir", Path.GetTempPath(),
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await AnswersAsync(_process);
    }

    public void Kill()
    {
        if (Interlocked.Exchange(ref _process, null) is not { } process) return;
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Its connections stay open, and nobody answers on them.</summary>
    public Task HaltAsync() => SignalAsync("STOP");

    public Task GoOnAsync() => SignalAsync("CONT");

    public ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }

    private async Task SignalAsync(string signal)
    {
        string id = _process!.Id.ToString(CultureInfo.InvariantCulture);
        using Process kill = Process.Start("kill", ["-" + signal, id]);
        await kill.WaitForExitAsync();
    }

    private async Task AnswersAsync(Process process)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using RespClient client = await RespClient.ConnectAsync(Port);
                await client.CallAsync("PING");
                return;
            }
            catch (SocketException) when (attempt < 400 && !process.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System);
            }
        }
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
