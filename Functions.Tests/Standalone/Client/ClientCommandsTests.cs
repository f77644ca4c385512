using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Channels;
using Vellarys.Channels.Sandbox;
using Vellarys.Knowledge;
using Vellarys.Standalone.Commands.Client;
using Vellarys.Tests.Api;
using Vellarys.Tests.Secrets;
using Xunit;

namespace Vellarys.Tests.Standalone.Client;

/// <summary>The commands against a running installation, as somebody at its machine gives them.</summary>
public sealed class ClientCommandsTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef";
    private const string Key = "the-installations-own-key";
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        Dictionary<string, string?> settings = Rings.Settings("k1");
        settings["Api:Key"] = Key;
        _host = await ApiHost.StartAsync(settings, services: s => s.AddKnowledge()
            .AddSingleton<IProvider, SandboxProvider>());
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task TenantAdd_ListSuspendResume_IsATableOrJson()
    {
        (int exit, string output, _) = await RunAsync(
            ["tenant", "add", "--name", "Loja", "--ref", "loja-1", "--admin-email", "ana@loja.example"]);
        Assert.Equal(0, exit);
        Assert.StartsWith("STEP", output, StringComparison.Ordinal);
        Assert.Contains("adminPassword", output, StringComparison.Ordinal);

        (exit, output, _) = await RunAsync(["tenant", "list", "--json"]);
        JsonElement row = Assert.Single(JsonElement.Parse(output).GetProperty("items").EnumerateArray());
        Assert.Equal((0, "Loja"), (exit, row.GetProperty("name").GetString()));
        string id = row.GetProperty("id").GetString()!;
        (exit, output, _) = await RunAsync(["tenant", "suspend", id]);
        Assert.Equal(0, exit);
        Assert.Contains("suspended", output, StringComparison.Ordinal);
        (exit, output, _) = await RunAsync(["tenant", "resume", id]);
        Assert.Contains("active", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TenantAdd_FromStandardInput_TakesTheWholeBody()
    {
        (int exit, string output, _) = await RunAsync(
            ["tenant", "add", "--from", "-", "--json"], """{"tenant":{"name":"Aurora"},"prompt":"You sell tea."}""");
        Assert.Equal(0, exit);
        Assert.Contains("\"isLive\": false", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(["prompt", "list"]);
        Assert.Contains("true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_AddRotateTestList_TakesSecretsFromStandardInput()
    {
        await _host.Rows.TenantAsync();
        (int exit, string output, _) = await RunAsync(
            ["channel", "add", "--kind", "sandbox", "--address", "loja", "--webhook-secret-file", "-", "--json"],
            Secret);
        Assert.Equal(0, exit);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        string id = JsonElement.Parse(output).GetProperty("id").GetString()!;
        (exit, output, _) = await RunAsync(["channel", "rotate", id, "--secret-file", "-"], "another-secret-of-it\n");
        Assert.Equal((0, 3), (exit, output.TrimEnd().Split('\n').Length));
        (exit, output, _) = await RunAsync(["channel", "list"]);
        Assert.Contains("sandbox", output, StringComparison.Ordinal);
        (exit, output, _) = await RunAsync(["channel", "test", id]);
        Assert.Contains("CHECK", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserKeySettingsPrompt_EachVerb_DoesWhatItSays()
    {
        await _host.Rows.TenantAsync();
        (int exit, string output, _) = await RunAsync(
        [
            "user", "add", "--email", "bia@loja.example", "--username", "bia", "--name", "Bia", "--role", "atendente",
        ]);
        Assert.Equal(0, exit);
        Assert.Contains("shown this once", output, StringComparison.Ordinal);
        Assert.Contains("bia@loja.example", (await RunAsync(["user", "list"])).Output, StringComparison.Ordinal);

        (_, output, _) = await RunAsync(["key", "add", "--name", "CRM", "--scope", "conversations.read", "--json"]);
        string key = JsonElement.Parse(output).GetProperty("apiKey").GetProperty("id").GetString()!;
        Assert.Contains("CRM", (await RunAsync(["key", "list"])).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["key", "revoke", key])).ExitCode);

        (exit, output, _) = await RunAsync(["settings", "set", "quietMs=1500", "survey.kind=nps"]);
        JsonElement settings = JsonElement.Parse(output);
        Assert.Equal(
            (0, 1_500, "nps"),
            (exit, settings.GetProperty("quietMs").GetInt32(),
                settings.GetProperty("survey").GetProperty("kind").GetString()));
        Assert.Contains("1500", (await RunAsync(["settings", "get"])).Output, StringComparison.Ordinal);
        (exit, _, string error) = await RunAsync(["settings", "set", "quietMs=-1"]);
        Assert.Equal(1, exit);
        Assert.Contains("quietMs", error, StringComparison.Ordinal);

        (_, output, _) = await RunAsync(["prompt", "add", "--file", "-", "--json"], "You sell tea.");
        int version = JsonElement.Parse(output).GetProperty("version").GetInt32();
        (exit, output, _) = await RunAsync(["prompt", "activate", $"{version}"]);
        Assert.Equal(0, exit);
        Assert.Contains("true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanLicenceTeamKnowledge_EachVerb_DoesWhatItSays()
    {
        TenantId tenant = await _host.Rows.TenantAsync();
        (int exit, string output, _) = await RunAsync(["plan", "add", "--name", "Pro", "--users", "3", "--json"]);
        JsonElement plan = JsonElement.Parse(output);
        Assert.Equal((0, 3), (exit, plan.GetProperty("users").GetInt32()));
        Assert.Equal(JsonValueKind.Null, plan.GetProperty("channels").ValueKind);
        string id = plan.GetProperty("id").GetString()!;
        Assert.Contains("Pro", (await RunAsync(["plan", "list"])).Output, StringComparison.Ordinal);
        (exit, output, _) = await RunAsync(["plan", "give", $"{tenant}", id]);
        Assert.Equal(0, exit);
        Assert.Contains("Pro", output, StringComparison.Ordinal);
        (_, output, _) = await RunAsync(["plan", "give", $"{tenant}", "none"]);
        Assert.DoesNotContain("Pro", output, StringComparison.Ordinal);

        (exit, output, _) = await RunAsync(["licence", "add", $"{tenant}", "--server-ip", "10.0.0.1", "--json"]);
        Assert.Equal(0, exit);
        string licence = JsonElement.Parse(output).GetProperty("id").GetString()!;
        Assert.Equal(0, (await RunAsync(["licence", "end", $"{tenant}", licence])).ExitCode);
        Assert.Contains("false", (await RunAsync(["licence", "list", $"{tenant}"])).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(["team", "add", "--name", "Vendas"])).ExitCode);
        Assert.Contains("Vendas", (await RunAsync(["team", "list"])).Output, StringComparison.Ordinal);

        (exit, output, _) = await RunAsync(
            ["knowledge", "add", "--title", "Entrega", "--file", "-", "--json"], "Entregamos em cinco dias.");
        Assert.Equal(0, exit);
        string document = JsonElement.Parse(output).GetProperty("id").GetString()!;
        (exit, _, _) = await RunAsync(
            ["knowledge", "add", "--id", document, "--title", "Prazos", "--file", "-"], "Em dez dias.");
        Assert.Equal(0, exit);
        output = (await RunAsync(["knowledge", "list"])).Output;
        Assert.Contains("Prazos", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Entrega", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(["knowledge", "remove", document])).ExitCode);
        Assert.DoesNotContain(document, (await RunAsync(["knowledge", "list"])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "dance", "tenant", "dance")]
    [InlineData(2, "--name", "key", "add")]
    [InlineData(2, "cannot be read", "prompt", "add", "--file", "no-such-file")]
    [InlineData(2, "no http", "tenant", "list", "--url", "ftp://x")]
    [InlineData(1, "Nothing answers", "tenant", "list", "--url", "http://127.0.0.1:1")]
    [InlineData(1, "key_required", "tenant", "list", "--key", "another-key-than-it")]
    [InlineData(1, "channel_not_found", "channel", "test", "00000000-0000-0000-0000-000000000001")]
    public async Task Command_ThatCannotBeDone_SaysSoInOneLine(int exitCode, string says, params string[] args)
    {
        await _host.Rows.TenantAsync();
        (int exit, string output, string error) = await RunAsync(args);
        Assert.True(exit == exitCode, error);
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Empty(output);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(string[] args, string input = "")
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        using StringReader reader = new(input);
        string[] where = [.. args.Contains("--url") ? [] : new[] { "--url", _host.Address.ToString() },
            .. args.Contains("--key") ? [] : new[] { "--key", Key }];
        int exit = await ClientCommands.RunAsync([.. args, .. where], output, errors, reader);
        return (exit, output.ToString(), errors.ToString());
    }
}
