using System.Text.Json.Nodes;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Api.Description;

/// <summary>
/// <c>docs/openapi.json</c> is the contract. After a change: <c>UPDATE_OPENAPI=1 dotnet test Functions.Tests --filter
/// ContractTests</c>, and commit the file. What breaks a client is not written so: it takes
/// <c>UPDATE_OPENAPI=breaking</c>, and a new version of the API or a good reason.
/// </summary>
public sealed class ContractTests
{
    private static readonly string File = Path.Combine(Sources.Root, "docs", "openapi.json");

    [Fact]
    public async Task Document_IsTheOneThatIsCommitted()
    {
        (_, string live) = await ApiDocument.GetAsync(ApiDocument.Path);
        string wish = Environment.GetEnvironmentVariable("UPDATE_OPENAPI") ?? "";
        string kept = System.IO.File.Exists(File) ? await System.IO.File.ReadAllTextAsync(File) : "{}";
        IReadOnlyList<string> breaking = BreakingChanges.Between(
            JsonNode.Parse(kept)!.AsObject(), JsonNode.Parse(live)!.AsObject());
        if (wish != "breaking")
            Assert.True(breaking.Count == 0, "This breaks clients: " + string.Join("; ", breaking));
        if (wish.Length > 0) await System.IO.File.WriteAllTextAsync(File, kept = live);
        Assert.True(live == kept,
            "docs/openapi.json is not what the endpoints say. If they are right, write it anew: "
            + "UPDATE_OPENAPI=1 dotnet test Functions.Tests --filter ContractTests");
    }

    [Fact]
    public async Task Document_Reference_LeadsSomewhere()
    {
        JsonObject document = await ApiDocument.ReadAsync();
        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        Rule.Holds(
            from reference in References(document).Distinct()
            where reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, part) => node?[part]) is null
            select reference);
    }

    [Fact]
    public async Task Schema_Names_AreOurs_AndAnAnswerWithoutBodyIsShown()
    {
        JsonObject document = await ApiDocument.ReadAsync();
        Assert.All(
            document["components"]!["schemas"]!.AsObject(), s => Assert.Matches("^[A-Za-z]+$", s.Key));
        JsonNode deleted = document["paths"]!["/api/v1/teams/{id}"]!["delete"]!["responses"]!;
        Assert.Null(deleted["204"]!["content"]);
        Assert.Null(deleted["200"]);
    }

    [Fact]
    public async Task Operation_Each_HasItsOwnIdAGroupAndProblems()
    {
        JsonObject document = await ApiDocument.ReadAsync();
        string[] groups = [.. document["tags"]!.AsArray().Select(t => (string)t!["name"]!)];
        Assert.Superset(
            new HashSet<string> { "auth", "users", "conversations", "campaigns", "whatsapp", "dashboard" },
            groups.ToHashSet());
        List<(string Name, JsonObject Operation)> all = [.. BreakingChanges.Operations(document)];
        Assert.True(all.Count > 120, $"{all.Count} operations");
        Rule.Holds(
            from operation in all
            let responses = operation.Operation["responses"]!.AsObject()
            let isGuarded = operation.Operation.ContainsKey("x-permission")
            where !groups.Contains((string?)operation.Operation["tags"]?[0])
                || operation.Operation["operationId"] is null
                || !responses.ContainsKey("503")
                || (isGuarded && !responses.ContainsKey("429"))
                || isGuarded != responses.ContainsKey("403") || isGuarded != operation.Operation.ContainsKey("security")
            select operation.Name);
        Rule.Holds(
            from operation in all
            group operation.Name by (string)operation.Operation["operationId"]! into named
            where named.Count() > 1
            select $"{named.Key}: {string.Join(", ", named)}");
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject many => many.SelectMany(p => p.Key == "$ref" && p.Value is JsonValue value
            ? [(string)value!]
            : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
