using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>What companies may have, and which plan a company is on.</summary>
internal static class PlanCommands
{
    private static readonly string[] Columns =
        ["id", "name", "channels", "users", "messagesPerMonth", "conversationsPerMonth", "modelTokensPerMonth"];

    public static Command Make(Verbs verbs)
    {
        Option<string> name = new("--name") { Description = "The plan's name.", Required = true };
        Option<long?>[] limits =
        [
            new("--channels"), new("--users"), new("--messages-per-month"), new("--conversations-per-month"),
            new("--model-tokens-per-month"),
        ];
        foreach (Option<long?> limit in limits) limit.Description = "At most so many; left out: no limit.";
        Argument<Guid> tenant = new("tenant") { Description = "The company's id." };
        Argument<string> plan = new("plan") { Description = "The plan's id, or none." };
        return Verbs.Group(
            "plan", "What companies may have.",
            verbs.Make("add", "Makes one.", async (parsed, api, output, stop) =>
            {
                JsonObject body = new() { ["name"] = parsed.GetValue(name) };
                foreach ((string field, Option<long?> limit) in Columns[2..].Zip(limits))
                    body[field] = parsed.GetValue(limit);
                JsonNode? row = await api.PostAsync("/plans", body, stop);
                output.Table(row, [row?.DeepClone()], Columns);
                return 0;
            }, [name, .. limits]),
            verbs.List("All of them.", "/plans", Columns),
            verbs.Make("give", "Puts a company on a plan.", async (parsed, api, output, stop) =>
            {
                string path = $"/tenants/{parsed.GetValue(tenant)}";
                JsonNode? now = await api.GetAsync(path, stop);
                string id = parsed.GetValue(plan)!;
                JsonNode? row = await api.SendAsync(HttpMethod.Put, path, new JsonObject
                {
                    ["name"] = now?["name"]?.DeepClone(), ["locale"] = now?["locale"]?.DeepClone(),
                    ["timeZone"] = now?["timeZone"]?.DeepClone(), ["planId"] = id == "none" ? null : id,
                }, null, stop);
                output.Table(row, [row?.DeepClone()], "id", "name", "planName");
                return 0;
            }, tenant, plan));
    }
}
