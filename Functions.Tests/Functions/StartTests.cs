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
    [InlineData("ServiceBus", "Endpoint=sb://nowhere/", "SharedAccessKey")]
    [InlineData(
        "ServiceBus", "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0;EntityPath=q",
        "EntityPath")]
    [InlineData("OPENAI_BASE_URL", "http://", "BaseUrl")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "a secret", "APPLICATIONINSIGHTS_CONNECTION_STRING")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=1", "APPLICATIONINSIGHTS_")]
    [InlineData("Messaging__Queues__ai_respons__MaxConcurrency", "5", "no such queue")]
    [InlineData("Messaging__Queues__image_analysis__MaxConcurency", "5", "no such setting")]
    [InlineData("Messaging__Queues__image_analysis", "4", "no value of its own")]
    [InlineData("Database__OpenTimeout", "30", "OpenTimeout")]
    [InlineData("Database__StatementTimeout", "60", "StatementTimeout")]
    [InlineData("Health__ProbeCap", "-00:00:01", "ProbeCap")]
    [InlineData("Realtime__Heartbeat", "60", "Heartbeat")]
    [InlineData("Redis__ConnectionString", "localhost:6379,abortConnect=a secret", "Redis:ConnectionString")]
    [InlineData("Redis__Host", ":::x", "Redis:Host")]
    public async Task OnADesk_SettingThatMakesNoSense_IsSaidAndNothingElse(string setting, string value, string said)
    {
        (int exitCode, string output) = await RunAsync([], (setting, value));

        string line = Assert.Single(output.Trim().Split('\n'));
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret", line, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }

    [Theory]
    [InlineData("migrat", "", "", "unknown command 'migrat'")]
    [InlineData("migrate", "Database__ConnectionBudget", "abc", "'abc'")]
    [InlineData("migrate", "Database__OpenTimeout", "1.00:00:00", "OpenTimeout")]
    public async Task Command_ThatMakesNoSense_IsSaidAndNothingElse(
        string command, string setting, string value, string said)
    {
        (int exitCode, string output) = await RunAsync([command], (setting, value));

        Assert.Contains(said, Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string[] arguments, (string Name, string Value) setting)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Vellarys.Functions.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development";
        start.Environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none";
        start.Environment["ServiceBus"] = "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0";
        start.Environment["VELLARYS_API_KEY"] = "an-api-key-for-the-tests";
        if (setting.Name.Length > 0) start.Environment[setting.Name] = setting.Value;
        using Process process = Process.Start(start)!;
        string[] lines = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(lines));
    }
}
