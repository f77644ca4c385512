using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>What a command says: a table for people, JSON for programs.</summary>
internal sealed class Output(TextWriter writer, bool asJson)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The whole document.</summary>
    public void Document(JsonNode? document) => writer.WriteLine(document?.ToJsonString(Readable) ?? "{}");

    /// <summary>The rows as columns; as JSON the whole document.</summary>
    public void Table(JsonNode? document, JsonArray? rows, params string[] columns)
    {
        if (asJson)
        {
            Document(document);
            return;
        }

        List<string[]> lines = [[.. columns.Select(c => c.ToUpperInvariant())]];
        lines.AddRange((rows ?? []).Select(row => columns.Select(c => Cell(row?[c])).ToArray()));
        int[] widths = [.. columns.Select((_, i) => lines.Max(line => line[i].Length))];
        foreach (string[] line in lines)
            writer.WriteLine(string.Join("  ", line.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>A line for people only.</summary>
    public void Line(string text)
    {
        if (!asJson) writer.WriteLine(text);
    }

    private static string Cell(JsonNode? value) => value switch
    {
        null => "-",
        JsonArray list => string.Join(' ', list.Select(Cell)),
        JsonValue text when text.TryGetValue(out string? plain) => plain.Replace('\n', ' '),
        _ => value.ToJsonString(),
    };
}
