using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>Which servers may run for a company.</summary>
internal static class LicenceCommands
{
    private static readonly string[] Columns = ["id", "serverIp", "active", "note", "createdAt", "endedAt"];

    public static Command Make(Verbs verbs)
    {
        Argument<Guid> tenant = new("tenant") { Description = "The company's id." };
        Argument<Guid> licence = new("licence") { Description = "The licence's id." };
        Option<string> server = new("--server-ip") { Description = "The server's address.", Required = true };
        Option<string?> note = new("--note") { Description = "What it is." };
        return Verbs.Group(
            "licence", "Which servers may run for a company.",
            verbs.Make("add", "Lets a server.", async (parsed, api, output, stop) =>
            {
                JsonNode? row = await api.PostAsync($"/tenants/{parsed.GetValue(tenant)}/licences", new JsonObject
                {
                    ["serverIp"] = parsed.GetValue(server), ["note"] = parsed.GetValue(note),
                }, stop);
                output.Table(row, [row?.DeepClone()], Columns);
                return 0;
            }, tenant, server, note),
            verbs.Make("list", "All, and those that ended.", async (parsed, api, output, stop) =>
            {
                JsonNode? all = await api.GetAsync($"/tenants/{parsed.GetValue(tenant)}/licences", stop);
                output.Table(all, all?["items"] as JsonArray, Columns);
                return 0;
            }, tenant),
            verbs.Make("end", "It is kept on record.", async (parsed, api, output, stop) =>
            {
                await api.SendAsync(
                    HttpMethod.Delete, $"/tenants/{parsed.GetValue(tenant)}/licences/{parsed.GetValue(licence)}",
                    null, null, stop);
                output.Line("It has ended.");
                return 0;
            }, tenant, licence));
    }
}
