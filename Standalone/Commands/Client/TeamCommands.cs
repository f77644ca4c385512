using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>A company's teams, which conversations are handed to.</summary>
internal static class TeamCommands
{
    private static readonly string[] Columns = ["id", "name", "members"];

    public static Command Make(Verbs verbs)
    {
        Option<string> name = new("--name") { Description = "Its name.", Required = true };
        return Verbs.Group(
            "team", "Whom conversations are handed to.",
            verbs.Make("add", "Makes one.", async (parsed, api, output, stop) =>
            {
                JsonNode? row = await api.PostAsync(
                    "/teams", new JsonObject { ["name"] = parsed.GetValue(name) }, stop);
                output.Table(row, [row?.DeepClone()], Columns);
                return 0;
            }, name),
            verbs.List("The first 200.", "/teams?limit=200", Columns));
    }
}
