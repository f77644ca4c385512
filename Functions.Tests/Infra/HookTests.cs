using System.Diagnostics;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>
/// The hooks of azure.yaml, run with programs in the place of azd and dotnet that note what they are asked for.
/// </summary>
public sealed class HookTests : IDisposable
{
    private const string AnythingSecret = "whatever-is-secret";

    private static readonly Dictionary<string, string> Provisioned = new()
    {
        ["APP_URL"] = "https://func-test.azurewebsites.net",
        ["APP_IDENTITY_ID"] = "8d2f1c1e-0000-4000-8000-000000000001",
        ["DATABASE_ADMIN"] = "someone@example.com",
        ["DATABASE_HOST"] = "psql-test.postgres.database.azure.com",
        ["DATABASE_NAME"] = "vellarys",
        ["KEY_VAULT_NAME"] = "kv-test",
        // What an environment may hold besides; none of the hooks' business.
        ["AZURE_CLIENT_ID"] = "8d2f1c1e-0000-4000-8000-000000000002",
        ["AZURE_CLIENT_SECRET"] = AnythingSecret,
        ["ALERT_WEBHOOK"] = AnythingSecret,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vellarys-hooks");

    public static TheoryData<string> Hooks => ["postprovision", "predeploy"];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Hooks))]
    public void Hook_Named_IsPosixShellWithATwinForWindows(string hook)
    {
        string yaml = File.ReadAllText(Path.Combine(Sources.Root, "azure.yaml"));
        Assert.Contains($"run: infra/scripts/{hook}.sh", yaml, StringComparison.Ordinal);
        Assert.Contains($"run: infra/scripts/{hook}.ps1", yaml, StringComparison.Ordinal);
        Assert.True(File.Exists(Script(hook, "ps1")));
        Assert.StartsWith("#!/bin/sh\n", File.ReadAllText(Script(hook, "sh")), StringComparison.Ordinal);
        (int exitCode, string said) = Run("sh", [], "-n", Script(hook, "sh"));
        Assert.Equal((0, ""), (exitCode, said));
    }

    [Fact]
    public void Predeploy_Migrates_AsWhoeverDeploysWithoutAPassword()
    {
        Stub("dotnet", "env | grep -E '^(DATABASE_|AZURE_CLIENT_ID|AZURE_TOKEN)' | sort >>\"$NOTES\"");

        (int exitCode, string said) = Run("sh", Provisioned, Script("predeploy", "sh"));

        Assert.True(exitCode == 0, said);
        string[] notes = Notes();
        Assert.StartsWith("dotnet build Functions/Functions.csproj", notes[0], StringComparison.Ordinal);
        Assert.Contains("dotnet Functions/bin/Release/net10.0/Vellarys.Functions.dll migrate", notes);
        Assert.Contains("AZURE_TOKEN_CREDENTIALS=AzureDeveloperCliCredential", notes);
        Assert.Contains($"DATABASE_APP_IDENTITY={Provisioned["APP_IDENTITY_ID"]}", notes);
        Assert.DoesNotContain(
            notes.SkipWhile(n => !n.EndsWith("migrate", StringComparison.Ordinal)),
            n => n.StartsWith("AZURE_CLIENT_ID", StringComparison.Ordinal));
        Npgsql.NpgsqlConnectionStringBuilder address = new(
            notes.Last(n => n.StartsWith("DATABASE_URL=", StringComparison.Ordinal))["DATABASE_URL=".Length..]);
        Assert.Equal(
            (Provisioned["DATABASE_HOST"], "someone@example.com", "vellarys", null, Npgsql.SslMode.VerifyFull),
            (address.Host, address.Username, address.Database, address.Password, address.SslMode));
        Assert.DoesNotContain(AnythingSecret, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Predeploy_MigrationFails_StopsTheRelease()
    {
        Stub("dotnet", "case \"$*\" in *migrate) exit 1 ;; esac");
        (int exitCode, string said) = Run("sh", Provisioned, Script("predeploy", "sh"));
        Assert.Equal(1, exitCode);
        Assert.Contains("OPERATOR_ADDRESS", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Postprovision_KeepsTheKeyAndDoesNotShowIt()
    {
        Stub("azd", "");
        (int exitCode, string said) = Run("sh", Provisioned, Script("postprovision", "sh"));
        Assert.True(exitCode == 0, said);
        Assert.Equal(["azd env set CREATE_API_KEY false"], Notes());
        Assert.Contains("kv-test", said, StringComparison.Ordinal);
        Assert.DoesNotContain(AnythingSecret, said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Hooks))]
    public void Hook_BeforeProvisioning_SaysWhatIsMissing(string hook)
    {
        Stub("azd", "");
        Stub("dotnet", "");
        (int exitCode, string said) = Run("sh", [], Script(hook, "sh"));
        Assert.NotEqual(0, exitCode);
        Assert.Contains("azd provision", said, StringComparison.Ordinal);
        Assert.Empty(Notes());
    }

    // A token in a variable, an argument or a trace of the shell is a token in a log.
    [Fact]
    public void Hooks_Scripts_FetchAndShowNoSecret() => Rule.Holds(
        from file in Sources.All
        where file.Path.StartsWith("infra/scripts/", StringComparison.Ordinal)
        from forbidden in (string[])
        [
            "set -x", "get-access-token", "auth token", "secret show", "listKeys", "PGPASSWORD", "Password=",
            "printenv", "env get-values", "connection-string", "Set-PSDebug",
        ]
        where file.Text.Contains(forbidden, StringComparison.OrdinalIgnoreCase)
        select $"{file}: {forbidden}");

    [Theory]
    [MemberData(nameof(Hooks))]
    public void Hook_ForWindows_ReadsAndRunsTheSame(string hook)
    {
        string posix = File.ReadAllText(Script(hook, "sh")), windows = File.ReadAllText(Script(hook, "ps1"));
        Assert.All(
            Provisioned.Keys.Where(name => posix.Contains(name, StringComparison.Ordinal)),
            name => Assert.Contains(name, windows, StringComparison.Ordinal));
        Assert.All(
            posix.Split('\n').Select(l => l.Trim()).Where(l =>
                l.StartsWith("azd ", StringComparison.Ordinal) || l.StartsWith("dotnet ", StringComparison.Ordinal)),
            command => Assert.Contains(command, windows, StringComparison.Ordinal));
    }

    private static string Script(string hook, string kind) =>
        Path.Combine(Bicep.Folder, "scripts", $"{hook}.{kind}");

    private string[] Notes() => File.Exists(NotesFile) ? File.ReadAllLines(NotesFile) : [];

    private string NotesFile => Path.Combine(_folder.FullName, "notes");

    private void Stub(string program, string body)
    {
        string path = Path.Combine(_folder.FullName, program);
        File.WriteAllText(path, $"#!/bin/sh\necho \"{program} $*\" >>\"$NOTES\"\n{body}\n");
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (int ExitCode, string Said) Run(
        string program, Dictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{_folder.FullName}:/usr/bin:/bin";
        start.Environment["NOTES"] = NotesFile;
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
