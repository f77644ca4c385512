using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>A company's settings.</summary>
internal static class SettingsCommands
{
    public static Command Make(Verbs verbs)
    {
        Argument<string[]> values = new("name=value")
        {
            Description = "Such as quietMs=2000, survey.kind=nps or hours=null; a value is JSON, or a text.",
            Arity = ArgumentArity.OneOrMore,
        };
        return Verbs.Group(
            "settings", "A company's settings.",
            verbs.Make("get", "The document.", async (_, api, output, stop) =>
            {
                output.Document(await api.GetAsync("/settings", stop));
                return 0;
            }),
            verbs.Make("set", "Changes some of them.", async (parsed, api, output, stop) =>
            {
                (JsonNode? document, string? tag) = await api.ReadTaggedAsync("/settings", stop);
                foreach (string change in parsed.GetValue(values)!) Change(document, change);
                output.Document(await api.SendAsync(HttpMethod.Put, "/settings", document, tag, stop));
                return 0;
            }, values));
    }

    private static void Change(JsonNode? document, string change)
    {
        string[] sides = change.Split('=', 2);
        if (sides.Length != 2) throw new CommandFault($"{change} is no name=value.", CommandFault.Usage);
        string[] path = sides[0].Split('.');
        JsonNode? owner = path[..^1].Aggregate(document, (node, name) => (node as JsonObject)?[name]);
        if (owner is not JsonObject holder)
            throw new CommandFault($"There is no setting {sides[0]}.", CommandFault.Usage);
        holder[path[^1]] = Value(sides[1]);
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
