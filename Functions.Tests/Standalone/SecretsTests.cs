using System.Text;
using Npgsql;
using Vellarys.Tests.Crash;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Standalone;

/// <summary>What a serving process shows to whoever may look at it from outside.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task Serving_ShowsNeitherTheOwnersPasswordNorThePathsOfRequests()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string url = database.ConnectionString(owner: true);
        string password = new NpgsqlConnectionStringBuilder(url).Password!;
        Assert.NotEmpty(password);
        Dictionary<string, string> settings = new()
        {
            ["DATABASE_URL"] = url,
            ["VELLARYS_API_KEY"] = "a-key-of-sufficient-length",
            // The test's own, which a host inherits from it.
            ["TEST_DATABASE_URL"] = "",
        };
        await using HostProcess host = HostProcess.Start(HostProcess.FreePort(), settings);
        Assert.True(await host.ReadyAsync(), host.Output);
        string secret = Ids.New(TimeProvider.System).ToString();
        using HttpClient caller = new() { BaseAddress = host.Address };

        // Both are refused, and logged as refused.
        using StringContent body = new("{}");
        using HttpResponseMessage webhook = await caller.PostAsync($"/api/v1/webhooks/{secret}", body);
        using HttpResponseMessage api = await caller.GetAsync($"/api/v1/custody/wamid.5511987654321.{secret}");
        string environment = Encoding.UTF8.GetString(await File.ReadAllBytesAsync($"/proc/{host.Id}/environ"));
        await StopAsync(host);

        Assert.DoesNotContain(password, environment, StringComparison.Ordinal);
        Assert.Contains("a-key-of-sufficient-length", environment, StringComparison.Ordinal);
        // Nobody has an account here: the one secret that is shown, for the one who started it, and in no log.
        Assert.Single(host.Output.Split('\n'), line => line.Contains("/setup?token=", StringComparison.Ordinal));
        Assert.Contains("A request was refused", host.Output, StringComparison.Ordinal);
        Assert.Contains("TraceId", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("5511987654321", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(password, host.Output, StringComparison.Ordinal);
    }

    // In order, so that what it had to log is written.
    private static async Task StopAsync(HostProcess host)
    {
        using System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{host.Id}"]);
        await kill.WaitForExitAsync();
        await host.Exited;
    }
}
