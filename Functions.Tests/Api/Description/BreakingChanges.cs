using System.Text.Json.Nodes;

namespace Vellarys.Tests.Api.Description;

/// <summary>
/// What a client of an older description would stumble over in a newer one: an operation, an answer or something in it
/// that is gone or of another type, something more that it must send, another permission.
/// </summary>
internal static class BreakingChanges
{
    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch", "head", "options"];

    public static IReadOnlyList<string> Between(JsonObject old, JsonObject now)
    {
        Dictionary<string, JsonObject> after = Operations(now).ToDictionary(o => o.Name, o => o.Operation);
        return
        [
            .. from operation in Operations(old)
               from change in after.TryGetValue(operation.Name, out JsonObject? same)
                   ? Changes(operation.Operation, same, old, now)
                   : ["is gone"]
               select $"{operation.Name}: {change}",
        ];
    }

    public static IEnumerable<(string Name, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]?.AsObject() ?? []
        from operation in path.Value!.AsObject()
        where Verbs.Contains(operation.Key)
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!.AsObject());

    private static IEnumerable<string> Changes(JsonObject was, JsonObject isNow, JsonObject old, JsonObject now) =>
    [
        .. Permissions(was, isNow),
        .. Parameters(was, isNow),
        .. Answers(was, isNow, old, now),
        .. Sent(was, isNow, old, now),
    ];

    private static IEnumerable<string> Permissions(JsonObject was, JsonObject isNow)
    {
        string before = (string?)was["x-permission"] ?? "none";
        string after = (string?)isNow["x-permission"] ?? "none";
        if (before != after) yield return $"permission {before} is {after}";
    }

    private static IEnumerable<string> Parameters(JsonObject was, JsonObject isNow)
    {
        Dictionary<string, bool> before = Required(was);
        Dictionary<string, bool> after = Required(isNow);
        foreach (string gone in before.Keys.Except(after.Keys)) yield return $"parameter {gone} is gone";
        foreach ((string name, bool required) in after)
        {
            if (required && !before.GetValueOrDefault(name)) yield return $"parameter {name} is required";
        }
    }

    private static Dictionary<string, bool> Required(JsonObject operation) =>
        (operation["parameters"]?.AsArray() ?? []).ToDictionary(
            p => $"{p!["in"]} {p["name"]}", p => (bool?)p!["required"] ?? false);

    private static IEnumerable<string> Answers(JsonObject was, JsonObject isNow, JsonObject old, JsonObject now)
    {
        foreach ((string status, JsonNode? answer) in was["responses"]?.AsObject() ?? [])
        {
            if (!status.StartsWith('2')) continue;
            if (isNow["responses"]?[status] is not { } after)
            {
                yield return $"answer {status} is gone";
                continue;
            }

            Dictionary<string, string> shown = Properties(Schema(after), now);
            foreach ((string property, string type) in Properties(Schema(answer), old))
            {
                if (!shown.TryGetValue(property, out string? other)) yield return $"{status} {property} is gone";
                else if (other != type) yield return $"{status} {property} was {type} and is {other}";
            }
        }
    }

    private static IEnumerable<string> Sent(JsonObject was, JsonObject isNow, JsonObject old, JsonObject now)
    {
        JsonNode? before = Resolve(Schema(was["requestBody"]), old);
        JsonNode? after = Resolve(Schema(isNow["requestBody"]), now);
        if (before is null || after is null) yield break;
        // Unknown fields are refused: what may no longer be sent breaks whoever sends it.
        foreach (string gone in Properties(before, old).Keys.Except(Properties(after, now).Keys))
            yield return $"body {gone} is gone";
        foreach (string name in Names(after["required"]).Except(Names(before["required"])))
            yield return $"body {name} is required";
    }

    private static IEnumerable<string> Names(JsonNode? list) =>
        list is JsonArray names ? names.Select(n => (string)n!) : [];

    private static JsonNode? Schema(JsonNode? body) => body?["content"]?["application/json"]?["schema"];

    /// <summary>By their way from the root, such as <c>items[].id</c>.</summary>
    private static Dictionary<string, string> Properties(JsonNode? schema, JsonObject document)
    {
        Dictionary<string, string> found = [];
        Walk(schema, "", depth: 0);
        return found;

        void Walk(JsonNode? node, string at, int depth)
        {
            // What holds itself is looked into no further than a client would write out.
            if (depth > 6 || Resolve(node, document) is not JsonObject resolved) return;
            foreach ((string name, JsonNode? property) in resolved["properties"]?.AsObject() ?? [])
            {
                string way = at.Length == 0 ? name : $"{at}.{name}";
                found[way] = Resolve(property, document)?["type"]?.ToJsonString() ?? "anything";
                Walk(property, way, depth + 1);
            }

            if (resolved["items"] is { } items) Walk(items, at + "[]", depth + 1);
            foreach (JsonNode? one in resolved["oneOf"]?.AsArray() ?? []) Walk(one, at, depth + 1);
        }
    }

    private static JsonNode? Resolve(JsonNode? node, JsonObject document) =>
        (string?)node?["$ref"] is { } reference
            ? reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (at, part) => at?[part])
            : node;
}
