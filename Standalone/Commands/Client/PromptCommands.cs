using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>What the assistant is told about a company.</summary>
internal static class PromptCommands
{
    private static readonly string[] Columns = ["version", "active", "note", "createdAt"];

    public static Command Make(Verbs verbs)
    {
        Option<string> file = new("--file") { Description = "A file with the text; - for stdin.", Required = true };
        Option<string?> note = new("--note") { Description = "What changed." };
        Option<bool> activate = new("--activate") { Description = "The assistant is told so from now on." };
        Argument<int> version = new("version") { Description = "Its number." };
        return Verbs.Group(
            "prompt", "What the assistant is told.",
            verbs.Make("add", "A new version.", async (parsed, api, output, stop) =>
            {
                JsonNode? row = await api.PostAsync("/prompts", new JsonObject
                {
                    ["body"] = verbs.Read(parsed.GetValue(file)), ["note"] = parsed.GetValue(note),
                    ["activate"] = parsed.GetValue(activate),
                }, stop);
                output.Table(row, [row?.DeepClone()], Columns);
                return 0;
            }, file, note, activate),
            verbs.List("The latest 50.", "/prompts", Columns),
            verbs.Make("activate", "The assistant is told this version.", async (parsed, api, output, stop) =>
            {
                JsonNode? row = await api.PostAsync($"/prompts/{parsed.GetValue(version)}/activate", null, stop);
                output.Table(row, [row?.DeepClone()], Columns);
                return 0;
            }, version));
    }
}
