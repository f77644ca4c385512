using System.CommandLine;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>
/// What is done to a running installation from its machine: <c>./vellarys tenant add</c> and the like.
/// </summary>
internal static class ClientCommands
{
    private static readonly string[] Names =
    [
        "tenant", "plan", "licence", "channel", "user", "team", "key", "settings", "prompt", "knowledge", "doctor",
        "report", "help", "--help", "-h",
    ];

    public static bool Know(string[] args) => args.Length > 0 && Names.Contains(args[0]);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, TextReader input)
    {
        var verbs = new Verbs(output, input);
        var root = new RootCommand("Sets up and looks after a running Vellarys.");
        foreach (Option option in verbs.Common) root.Options.Add(option);
        Command[] commands =
        [
            TenantCommands.Make(verbs), PlanCommands.Make(verbs), LicenceCommands.Make(verbs),
            ChannelCommands.Make(verbs), UserCommands.Make(verbs), TeamCommands.Make(verbs), KeyCommands.Make(verbs),
            SettingsCommands.Make(verbs), PromptCommands.Make(verbs), KnowledgeCommands.Make(verbs),
            .. OperationsCommands.Make(verbs),
        ];
        foreach (Command command in commands) root.Subcommands.Add(command);
        ParseResult parsed = root.Parse(args is ["help", ..] ? [.. args[1..], "--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            await errors.WriteLineAsync(
                string.Join(' ', parsed.Errors.Select(e => e.Message)) + " See ./vellarys help.");
            return CommandFault.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        }
        catch (CommandFault fault)
        {
            await errors.WriteLineAsync(fault.Message);
            return fault.ExitCode;
        }
    }
}
