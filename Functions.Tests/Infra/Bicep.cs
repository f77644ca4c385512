using System.Diagnostics;
using System.Reflection;
using Vellarys.Tests.Architecture;

namespace Vellarys.Tests.Infra;

/// <summary>
/// The Bicep compiler, run on the files of <c>infra/</c>. Needs no network: it has the resource types in it.
/// </summary>
internal static class Bicep
{
    private static readonly string Program = Find();

    public static string Folder { get; } = Path.Combine(Sources.Root, "infra");

    /// <param name="environment">What the parameter file reads.</param>
    public static Outcome Run(
        IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Program, arguments)
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }

    public static Outcome Run(params IEnumerable<string> arguments) =>
        Run(new Dictionary<string, string>(), arguments);

    private static string Find()
    {
        string program = typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "Bicep").Value!;
        // A package may have been unpacked without the permission to run what is in it.
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(program) & UnixFileMode.UserExecute) == 0)
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        return program;
    }

    /// <param name="Said">Warnings and errors; empty where there are none.</param>
    internal sealed record Outcome(int ExitCode, string Output, string Said);
}
