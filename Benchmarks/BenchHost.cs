using System.Diagnostics;

namespace Vellarys.Benchmarks;

/// <summary>The host as it ships, in a process of its own: <c>BENCH_HOST</c>, or where prepare.sh puts it.</summary>
internal static class BenchHost
{
    public static Process Start(string databaseUrl, string command, string port, string apiKey)
    {
        string root = Environment.GetEnvironmentVariable("BENCH_HOST")
            ?? Path.Combine(Environment.CurrentDirectory, ".artifacts/bench");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(root, "Vellarys.Standalone.dll"), command },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DATABASE_URL"] = databaseUrl;
        start.Environment["PORT"] = port;
        start.Environment["MIGRATE"] = "0";
        start.Environment["VELLARYS_API_KEY"] = apiKey;
        Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static async Task ReadyAsync(HttpClient client)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await client.GetAsync("/health");
                return;
            }
            catch (HttpRequestException) when (attempt < 600)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }
}
