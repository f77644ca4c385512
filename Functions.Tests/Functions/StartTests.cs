using System.Diagnostics;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>The worker's own program, as <c>func start</c> starts it on a desk.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("Messaging__Default__MaxAttempts", "many", "MaxAttempts")]
    [InlineData("Realtime__MaxDuration", "long", "MaxDuration")]
    [InlineData("OPENAI_BASE_URL", "nonsense", "BaseUrl")]
    [InlineData("ServiceBus", "a secret", "ServiceBus is no connection string")]
    [InlineData("ServiceBus", "", "must say where the queues are")]
    public async Task OnADesk_SettingThatMakesNoSense_IsSaidAndNothingElse(string setting, string value, string said)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Vellarys.Functions.dll") },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development";
        start.Environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none";
        start.Environment["ServiceBus"] = "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0";
        start.Environment["VELLARYS_API_KEY"] = "an-api-key-for-the-tests";
        start.Environment[setting] = value;
        using Process process = Process.Start(start)!;

        string[] lines = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        string line = Assert.Single(string.Concat(lines).Trim().Split('\n'));
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", line, StringComparison.Ordinal);
        Assert.Equal(2, process.ExitCode);
    }
}
