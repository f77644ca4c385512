using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>What all commands have: where the installation is, by what key, for which company.</summary>
internal sealed class Verbs
{
    private readonly Option<string?> _url = new("--url")
    {
        Description = "Where the installation is. Default VELLARYS_URL, or http://127.0.0.1 at PORT (7071).",
        Recursive = true,
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "The installation's key. Default VELLARYS_API_KEY; others see a command line: --key-file.",
        Recursive = true,
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "A file with the key; - for standard input.", Recursive = true,
    };

    private readonly Option<string?> _tenant = new("--tenant")
    {
        Description = "The company's id; needed where there are several.", Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "JSON instead of a table.", Recursive = true };
    private readonly TextWriter _output;
    private readonly TextReader _input;

    public Verbs(TextWriter output, TextReader input) => (_output, _input) = (output, input);

    public IEnumerable<Option> Common => [_url, _key, _keyFile, _tenant, _json];

    /// <param name="act">Its result is the exit code.</param>
    /// <param name="parts">Options and arguments of its own.</param>
    public Command Make(
        string name, string description, Func<ParseResult, Connection, Output, CancellationToken, Task<int>> act,
        params Symbol[] parts)
    {
        var command = new Command(name, description);
        foreach (Symbol part in parts)
        {
            if (part is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)part);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            using Connection connection = Connect(parsed);
            return await act(parsed, connection, new Output(_output, parsed.GetValue(_json)), cancellationToken);
        });
        return command;
    }

    /// <summary>The verb <c>list</c>: one page as a table.</summary>
    public Command List(string description, string path, params string[] columns) =>
        Make("list", description, async (_, api, output, cancellationToken) =>
        {
            JsonNode? page = await api.GetAsync(path, cancellationToken);
            output.Table(page, page?["items"] as JsonArray, columns);
            return 0;
        });

    public static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (Command command in commands) group.Subcommands.Add(command);
        return group;
    }

    /// <summary>What a file, or standard input, holds; null where no file was named.</summary>
    public string? Read(string? path)
    {
        if (path is null) return null;
        try
        {
            return (path == "-" ? _input.ReadToEnd() : File.ReadAllText(path)).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"{path} cannot be read.", CommandFault.Usage);
        }
    }

    private Connection Connect(ParseResult parsed)
    {
        string url = parsed.GetValue(_url) ?? Setting("VELLARYS_URL")
            ?? $"http://127.0.0.1:{Setting("PORT") ?? "7071"}";
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new CommandFault($"{url} is no http or https address.", CommandFault.Usage);
        string key = Read(parsed.GetValue(_keyFile)) ?? parsed.GetValue(_key) ?? Setting("VELLARYS_API_KEY") ?? "";
        string? tenant = parsed.GetValue(_tenant);
        if (tenant is not null && !Guid.TryParse(tenant, out _))
            throw new CommandFault("--tenant must be an id: see ./vellarys tenant list.", CommandFault.Usage);
        if (!key.All(c => c is > ' ' and < '\u007f'))
            throw new CommandFault("The key must have visible ASCII characters only.", CommandFault.Usage);
        return new Connection(address, key, tenant);
    }

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
