using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>Keys for a company's machines.</summary>
internal static class KeyCommands
{
    private static readonly string[] Columns = ["id", "name", "scopes", "lastUsedAt", "expiresAt", "revokedAt"];

    public static Command Make(Verbs verbs)
    {
        Argument<Guid> id = new("id") { Description = "The key's id." };
        Option<string> name = new("--name") { Description = "What it is for.", Required = true };
        Option<string[]> scopes = new("--scope")
        {
            Description = "A permission, such as conversations.read; several times for several.", Required = true,
        };
        Option<string?> expires = new("--expires") { Description = "When it ends, such as 2027-01-31T00:00:00Z." };
        return Verbs.Group(
            "key", "Keys for a company's machines.",
            verbs.Make("add", "Makes one, and shows it this once.", async (parsed, api, output, stop) =>
            {
                JsonNode? made = await api.PostAsync("/api-keys", new JsonObject
                {
                    ["name"] = parsed.GetValue(name), ["expiresAt"] = parsed.GetValue(expires),
                    ["scopes"] = new JsonArray([.. parsed.GetValue(scopes)!.Select(s => (JsonNode)s)]),
                }, stop);
                output.Table(made, [made?["apiKey"]?.DeepClone()], Columns);
                output.Line($"\nkey  {made?["key"]}   (shown this once)");
                return 0;
            }, name, scopes, expires),
            verbs.List("All of them.", "/api-keys", Columns),
            verbs.Make("revoke", "Ends it from its next call on.", async (parsed, api, output, stop) =>
            {
                await api.SendAsync(HttpMethod.Delete, $"/api-keys/{parsed.GetValue(id)}", null, null, stop);
                output.Line("It opens nothing any more.");
                return 0;
            }, id));
    }
}
