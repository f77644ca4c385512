using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>What the assistant knows of a company.</summary>
internal static class KnowledgeCommands
{
    private static readonly string[] Columns = ["id", "title", "updatedAt"];

    public static Command Make(Verbs verbs)
    {
        Option<string> title = new("--title") { Description = "What it is about.", Required = true };
        Option<string> file = new("--file") { Description = "A file with the text; - for stdin.", Required = true };
        Option<Guid?> replaces = new("--id") { Description = "Replaces this one, or makes it by this id." };
        Argument<Guid> id = new("id") { Description = "The document's id." };
        return Verbs.Group(
            "knowledge", "What the assistant knows.",
            verbs.Make("add", "A document.", async (parsed, api, output, stop) =>
            {
                JsonObject body = new()
                {
                    ["title"] = parsed.GetValue(title), ["text"] = verbs.Read(parsed.GetValue(file)),
                };
                JsonNode? row = parsed.GetValue(replaces) is { } own
                    ? await api.SendAsync(HttpMethod.Put, $"/knowledge/{own}", body, null, stop)
                    : await api.PostAsync("/knowledge", body, stop);
                output.Table(row, [row?.DeepClone()], Columns);
                return 0;
            }, title, file, replaces),
            verbs.List("The first 200.", "/knowledge?limit=200", Columns),
            verbs.Make("remove", "The assistant does not find it any more.", async (parsed, api, output, stop) =>
            {
                await api.SendAsync(HttpMethod.Delete, $"/knowledge/{parsed.GetValue(id)}", null, null, stop);
                output.Line("It is gone.");
                return 0;
            }, id));
    }
}
