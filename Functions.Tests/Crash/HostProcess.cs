using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vellarys.Tests.Functions;

namespace Vellarys.Tests.Crash;

/// <summary>A host as a process of its own, to be killed.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    public string Output => string.Join('\n', _output);

    public Task Exited => _process.WaitForExitAsync();

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts Standalone and returns at once; <see cref="ReadyAsync"/> waits for it.</summary>
    public static HostProcess Start(int port, IReadOnlyDictionary<string, string> environment) =>
        Start(["Vellarys.Standalone.dll", "serve"], port, environment);

    /// <summary>The same for the function app in the tests' stand-in for the Functions host.</summary>
    public static HostProcess StartFunctions(int port, IReadOnlyDictionary<string, string> environment) =>
        Start([Path.GetFileName(typeof(FunctionsWorker).Assembly.Location)], port, environment);

    private static HostProcess Start(
        string[] command, int port, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, command[0]) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command[1..]) start.ArgumentList.Add(argument);
        // A busy machine opens its connections slowly; that is no outage.
        start.Environment["DB_POOL_TIMEOUT"] = "60";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["HOST"] = "127.0.0.1";
        // It does not live long enough to profit from what this costs.
        start.Environment["DOTNET_TieredPGO"] = "0";
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        return new HostProcess(process, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>True once /health answers; false when the process has ended instead.</summary>
    public async Task<bool> ReadyAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        while (!_process.HasExited)
        {
            try
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri(Address, "/health"));
                if (response.IsSuccessStatusCode) return true;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (TaskCanceledException)
            {
                // Busy starting.
            }

            await Task.WhenAny(Exited, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        }

        return false;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _output.Enqueue(line);
        while (_output.Count > 300) _output.TryDequeue(out _);
    }
}
