using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Vellarys.Http;

namespace Vellarys.Api.Description;

/// <summary>The description for people: one page without a script, nothing from elsewhere.</summary>
internal static class DescriptionPage
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;"
        + "background:#fff}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;"
        + "border-bottom:1px solid #ddd;vertical-align:top}code{font-size:.9em;overflow-wrap:anywhere}"
        + "@media(prefers-color-scheme:dark){body{background:#1b1b1f;color:#eee}td,th{border-color:#444}"
        + "a{color:#9cf}}";

    /// <summary>The one style is allowed by its hash; nothing else is.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Hash(Style)}'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    public static string Of(JsonObject document)
    {
        StringBuilder page = new(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>The Vellarys API</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>The Vellarys API</h1>
            <p>{Text(document["info"]?["description"])}</p>
            <p>For programs: <a href="/openapi/v1.json">OpenAPI 3.1</a>.</p>

            """);
        ILookup<string, Row> rows = Rows(document).ToLookup(r => r.Tag, StringComparer.Ordinal);
        foreach (JsonNode? tag in document["tags"]?.AsArray() ?? [])
            Append(page, tag!, rows[(string?)tag!["name"] ?? ""]);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder page, JsonNode tag, IEnumerable<Row> rows)
    {
        page.Append(Invariant, $"<h2 id=\"{Text(tag["name"])}\">{Text(tag["name"])}</h2>\n");
        page.Append(Invariant, $"<p>{Text(tag["description"])}</p>\n");
        if (!rows.Any()) return;
        page.Append("<table>\n<tr><th>Call<th>What it does<th>Permission<th>Reads<th>Answers\n");
        foreach (Row row in rows)
        {
            page.Append(Invariant, $"<tr><td><code>{Text(row.Method.ToUpperInvariant())} {Text(row.Path)}</code>");
            page.Append(Invariant, $"<td>{Text(row.Operation["summary"])}");
            page.Append(Invariant, $"<td><code>{Text(row.Operation["x-permission"] ?? "open to all")}</code>");
            page.Append(Invariant, $"<td>{Text(string.Join(", ", Reads(row.Operation)))}");
            page.Append(Invariant, $"<td>{Text(string.Join(", ", Answers(row.Operation)))}\n");
        }

        page.Append("</table>\n");
    }

    private static IEnumerable<Row> Rows(JsonObject document) =>
        from path in document["paths"]?.AsObject() ?? []
        from operation in path.Value!.AsObject()
        where operation.Value is JsonObject
        select new Row(
            (string?)operation.Value!["tags"]?[0] ?? "", operation.Key, path.Key, operation.Value.AsObject());

    private static IEnumerable<string> Reads(JsonObject operation)
    {
        foreach (JsonNode? parameter in operation["parameters"]?.AsArray() ?? [])
        {
            if ((string?)parameter!["in"] == "query") yield return (string?)parameter["name"] ?? "";
        }

        if (SchemaOf(operation["requestBody"]) is { } body) yield return body;
    }

    private static IEnumerable<string> Answers(JsonObject operation) =>
        from answer in operation["responses"]?.AsObject() ?? []
        where answer.Key.StartsWith('2')
        select SchemaOf(answer.Value) is { } schema ? $"{answer.Key} {schema}" : answer.Key;

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string? SchemaOf(JsonNode? body) =>
        ((string?)body?["content"]?[OperationConventions.Json]?["schema"]?["$ref"])?.Split('/')[^1];

    private static string Text(JsonNode? node) => Text((string?)node ?? "");

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);

    private sealed record Row(string Tag, string Method, string Path, JsonObject Operation);
}
