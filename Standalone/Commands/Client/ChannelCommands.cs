using System.CommandLine;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>Numbers of a company.</summary>
internal static class ChannelCommands
{
    private static readonly string[] Columns =
        ["id", "kind", "address", "displayName", "status", "stopCode", "waiting"];

    public static Command Make(Verbs verbs)
    {
        Argument<Guid> id = new("id") { Description = "The channel's id." };
        Option<int> overlap = new("--overlap-hours")
        {
            Description = "How long the old secret stays good.", DefaultValueFactory = _ => 24,
        };
        Option<string?> secret = new("--secret-file")
        {
            Description = "A file with the new webhook secret; - for stdin.", Required = true,
        };
        return Verbs.Group(
            "channel", "Numbers of a company.",
            Add(verbs),
            verbs.List("All of them.", "/channels", Columns),
            verbs.Make("rotate", "A new webhook secret beside the old one.", async (parsed, api, output, stop) =>
            {
                JsonNode? all = await api.PostAsync($"/channels/{parsed.GetValue(id)}/secrets", new JsonObject
                {
                    ["secret"] = verbs.Read(parsed.GetValue(secret)), ["overlapHours"] = parsed.GetValue(overlap),
                }, stop);
                output.Table(all, all?["items"] as JsonArray, "id", "endsAt");
                return 0;
            }, id, secret, overlap),
            verbs.Make("test", "Asks the provider, and comes in from outside.", TestAsync(id), id));
    }

    private static Command Add(Verbs verbs)
    {
        Option<string> kind = new("--kind")
        {
            Description = "meta-cloud, evolution, uazapi, z-api, sandbox...", DefaultValueFactory = _ => "meta-cloud",
        };
        Option<string> address = new("--address")
        {
            Description = "Meta's phone number id; an instance's name or id.", Required = true,
        };
        Option<string?> name = new("--name") { Description = "What people call it." };
        Option<string?> token = new("--access-token-file") { Description = "A file with what sends; - for stdin." };
        Option<string?> secret = new("--webhook-secret-file") { Description = "A file with what signs webhooks." };
        Option<string?> verify = new("--verify-token-file") { Description = "A file with what its handshake shows." };
        Option<string?> server = new("--server-url") { Description = "Where the provider is, if you run or rent it." };
        return verbs.Make("add", "Connects a number.", async (parsed, api, output, stop) =>
        {
            JsonNode? row = await api.PostAsync("/channels", new JsonObject
            {
                ["kind"] = parsed.GetValue(kind), ["address"] = parsed.GetValue(address),
                ["displayName"] = parsed.GetValue(name), ["accessToken"] = verbs.Read(parsed.GetValue(token)),
                ["webhookSecret"] = verbs.Read(parsed.GetValue(secret)),
                ["verifyToken"] = verbs.Read(parsed.GetValue(verify)), ["serverUrl"] = parsed.GetValue(server),
            }, stop);
            output.Table(row, [row?.DeepClone()], Columns);
            return 0;
        }, kind, address, name, token, secret, verify, server);
    }

    private static Func<ParseResult, Connection, Output, CancellationToken, Task<int>> TestAsync(Argument<Guid> id) =>
        async (parsed, api, output, stop) =>
        {
            JsonNode? report = await api.PostAsync($"/channels/{parsed.GetValue(id)}/test", null, stop);
            JsonArray rows = [];
            foreach (string check in new[] { "sending", "webhook" })
            {
                JsonNode? row = report?[check]?.DeepClone();
                if (row is null) continue;
                row["check"] = check;
                rows.Add(row);
            }

            output.Table(report, rows, "check", "result", "code");
            return (bool?)report?["ok"] == true ? 0 : CommandFault.Failed;
        };
}
