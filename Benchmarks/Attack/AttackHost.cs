using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Benchmarks.Attack;

/// <summary>
/// The host under attack: published by <c>Benchmarks/prepare.sh</c> (or <c>BENCH_HOST</c>), with a private PostgreSQL
/// that is gone with it.
/// </summary>
internal sealed class AttackHost : IAsyncDisposable
{
    public const string Alias = "/api/whatsapp/webhooks/messages";
    public const long FirstNumber = 10_000_000_000_001;
    public const string Key = "attack-key-0123456789";

    private const string Secret = "attack-secret";
    private readonly string _root = Environment.CurrentDirectory;
    private readonly string _data;
    private Process _process = null!;

    private AttackHost(int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        _data = Path.Combine(_root, ".data", "attack");
        Http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(100) };
        Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Key);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string DatabaseUrl { get; private set; } = "";

    public bool IsAlive => !_process.HasExited;

    /// <summary>CPU seconds so far.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public int PeakMb => int.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal))
            .Split(' ')[^2],
        CultureInfo.InvariantCulture) / 1_024;

    public static async Task<AttackHost> StartAsync(string[] args, OutsideWorld? world, params string[] settings)
    {
        var host = new AttackHost(QueueBench.Option(args, "port", 18_098));
        host.DatabaseUrl = await host.ScriptAsync("scripts/postgres.sh", "up", "--data", host._data, "--for", Me);
        Dictionary<string, string> environment = new()
        {
            ["DATABASE_URL"] = host.DatabaseUrl,
            ["PORT"] = host.Address.Port.ToString(CultureInfo.InvariantCulture),
            ["HOST"] = "127.0.0.1",
            ["APP_SECRET"] = Secret,
            ["VELLARYS_API_KEY"] = Key,
            ["BENCH_TENANTS"] = "4",
            ["Handoff__LocalWebhooks"] = "true",
        };
        if (world is not null)
        {
            environment["OPENAI_API_KEY"] = "sk-attack";
            environment["OPENAI_BASE_URL"] = world.Url + "/v1";
            environment["PROVIDER_BASE_URL"] = world.Url + "/v21.0";
        }

        foreach (string setting in settings) environment[setting.Split('=')[0]] = setting.Split('=')[1];
        foreach ((string name, string value) in environment) Environment.SetEnvironmentVariable(name, value);
        await host.PrepareAsync();
        host._process = Start("dotnet", [Path.Combine(host.Published, "Vellarys.Standalone.dll"), "serve"]);
        await host.ReadyAsync();
        return host;
    }

    /// <summary>Posts a body as Meta would; the status, or 0 when there was no answer.</summary>
    public async Task<int> PostAsync(byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Alias) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Hub-Signature-256", Sign(body));
        try
        {
            using HttpResponseMessage answer = await Http.SendAsync(request);
            return (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }

    /// <summary>Status and text of the health report, and how long it took.</summary>
    public async Task<(int Status, string Text, TimeSpan Took)> HealthAsync()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            using HttpResponseMessage answer = await Http.GetAsync("/health");
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(),
                Stopwatch.GetElapsedTime(start));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (0, e.GetType().Name, Stopwatch.GetElapsedTime(start));
        }
    }

    public static string Sign(byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (IsAlive) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await ScriptAsync("scripts/postgres.sh", "down", "--data", _data, "--for", Me);
        Directory.Delete(_data, recursive: true);
    }

    private static string Me => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    private string Published =>
        Environment.GetEnvironmentVariable("BENCH_HOST") ?? Path.Combine(_root, ".artifacts", "bench");

    private async Task PrepareAsync()
    {
        if (Environment.GetEnvironmentVariable("BENCH_HOST") is null)
        {
            await ScriptAsync("Benchmarks/prepare.sh");
            return;
        }

        foreach (string step in new[] { "migrate", "seed-bench" })
        {
            using Process process = Start("dotnet", [Path.Combine(Published, "Vellarys.Standalone.dll"), step]);
            await process.WaitForExitAsync();
        }
    }

    private async Task ReadyAsync()
    {
        for (int tries = 0; tries < 600 && IsAlive; tries++)
        {
            if ((await HealthAsync()).Status == (int)HttpStatusCode.OK) return;
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new InvalidOperationException("The host does not come up.");
    }

    private async Task<string> ScriptAsync(string script, params string[] arguments)
    {
        using Process process = Start("bash", [Path.Combine(_root, script), .. arguments], read: true);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{script} ended with {process.ExitCode}.");
        return output.Trim();
    }

    private static Process Start(string program, string[] arguments, bool read = false)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        if (read) return process;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
