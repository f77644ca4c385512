using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Standalone;

/// <summary>The host's program itself: what an operator sees when it starts, or cannot.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Serve_WrongSettings_SaysAllOfThemAndExitsWith2(string environment)
    {
        (int exitCode, string output) = await RunAsync(["serve"], new()
        {
            ["DOTNET_ENVIRONMENT"] = environment,
            ["PORT"] = "70000",
            ["HOST"] = "not a name",
            ["DATABASE_URL"] = "",
            ["VELLARYS_API_KEY"] = "short",
            ["Messaging__Queues__ai-response__MaxAttempts"] = "0",
            ["PROVIDER_BASE_URL"] = "nowhere",
            ["OPENAI_BASE_URL"] = "nowhere",
            ["Receipts__Keep"] = "1.00:00:00",
            ["Realtime__MaxDuration"] = "-00:00:01",
        });
        Assert.Equal(2, exitCode);
        string[] wanted =
        [
            "PORT", "HOST", "DATABASE_URL", "Api:Key", "ai-response", "MetaCloud:BaseUrl", "Assistant:BaseUrl",
            "Receipts:Keep", "Realtime:MaxDuration",
        ];
        Assert.All(wanted, part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_UnreadableNumber_IsSaidWithoutAStackTrace()
    {
        (int exitCode, string output) =
            await RunAsync(["serve"], new() { ["PORT"] = "many", ["DATABASE_URL"] = "postgres://127.0.0.1:1/x" });
        Assert.Equal(2, exitCode);
        Assert.Contains("'many'", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.1")]
    public async Task Serve_KeylessForOtherMachines_IsRefusedAndNamesTheSetting(string host)
    {
        (int exitCode, string output) = await RunAsync(["serve"], new()
        {
            ["HOST"] = host,
            ["DATABASE_URL"] = "postgres://u:p@127.0.0.1:1/x",
            ["Api__AllowKeyless"] = "true",
        });
        Assert.Equal(2, exitCode);
        Assert.Contains("Api:AllowKeyless", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownCommand_IsAnsweredWithTheUsage()
    {
        (int exitCode, string output) = await RunAsync(["dance"], []);
        Assert.Equal(2, exitCode);
        Assert.Contains("usage:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_WrongPassword_FailsAtOnceWithOneLine()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        NpgsqlConnectionStringBuilder url = new(database.ConnectionString(owner: true)) { Username = "nobody_here" };
        (int exitCode, string output) = await RunAsync(["migrate"], new() { ["DATABASE_URL"] = url.ConnectionString });
        Assert.Equal(1, exitCode);
        Assert.Single(output.Trim().Split('\n'));
        Assert.Contains("nobody_here", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortTaken_FailsWithOneLineThatSaysSo()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        using TcpListener taken = new(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        (int exitCode, string output) = await RunAsync(["serve"], new()
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
        Assert.Equal(1, exitCode);
        Assert.Contains("Choose another PORT", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeedDemo_Twice_LeavesOneShopWithItsToken()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        Dictionary<string, string> environment = new() { ["DATABASE_URL"] = database.ConnectionString(owner: true) };
        Assert.Equal(0, (await RunAsync(["seed-demo"], environment)).ExitCode);
        string before = await ShopAsync(database);
        Assert.Equal(0, (await RunAsync(["seed-demo"], environment)).ExitCode);
        Assert.Equal(before, await ShopAsync(database));
        Assert.StartsWith(
            "1 tenants, 1 channels, 8 documents, Bruna agent online, Sérgio supervisor online", before,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeedBench_MakesTheHarnessTenants()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        (int exitCode, _) = await RunAsync(["seed-bench"], new()
        {
            ["DATABASE_URL"] = database.ConnectionString(owner: true),
            ["BENCH_TENANTS"] = "3",
        });
        Assert.Equal(0, exitCode);
        await using NpgsqlCommand read = database.Owner.CreateCommand(
            "select string_agg(address, ',' order by address) from channels where kind = 'meta-cloud'");
        Assert.Equal("10000000000001,10000000000002,10000000000003", await read.ExecuteScalarAsync());
    }

    private static async Task<string> ShopAsync(TestDatabase database)
    {
        await using NpgsqlCommand read = database.Owner.CreateCommand(
            """
            select format('%s tenants, %s channels, %s documents, %s, token %s',
                (select count(*) from tenants), (select count(*) from channels),
                (select count(*) from knowledge_documents),
                (select string_agg(concat_ws(' ', name, role, presence), ', ' order by id) from agents),
                (select max(webhook_secrets[1]) from channels))
            """);
        return (string)(await read.ExecuteScalarAsync())!;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string[] arguments, Dictionary<string, string> environment)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Vellarys.Standalone.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Remove("DATABASE_URL");
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, await errors);
    }
}
