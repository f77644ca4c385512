using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>Companies: <c>add</c> is the whole way to going live.</summary>
internal static class TenantCommands
{
    public static Command Make(Verbs verbs)
    {
        Argument<Guid> id = new("id") { Description = "The company's id." };
        return Verbs.Group(
            "tenant", "Companies.",
            Add(verbs),
            verbs.Make("list", "All of them.", ListAsync),
            verbs.Make("suspend", "No job works for it any more; messages are kept.", (parsed, api, output, stop) =>
                SetAsync(api, output, parsed.GetValue(id), "suspend", stop), id),
            verbs.Make("resume", "It works again.", (parsed, api, output, stop) =>
                SetAsync(api, output, parsed.GetValue(id), "resume", stop), id));
    }

    private static Command Add(Verbs verbs)
    {
        Option<string?> from = Text("--from", "A file with the body of POST /onboarding; - for stdin.");
        Option<string?> reference = Text("--ref", "Your own name for it: the same one goes on where it stopped.");
        Option<string?> name = Text("--name", "The company's name.");
        Option<string?> plan = Text("--plan", "Its plan's id.");
        Option<string?> number = Text("--number", "Meta's phone number id.");
        Option<string?> token = Text("--access-token-file", "A file with what sends; - for stdin.");
        Option<string?> secret = Text("--webhook-secret-file", "A file with what the provider signs with.");
        Option<string?> verify = Text("--verify-token-file", "A file with what its handshake must show.");
        Option<string?> hook = Text("--webhook-out", "The address of the company's own system.");
        Option<string[]> events = new("--event") { Description = "What it is told of. Default message.received." };
        Option<string?> prompt = Text("--prompt-file", "A file with what the assistant is told; - for stdin.");
        Option<string?> email = Text("--admin-email", "Its first administrator.");
        Option<string?> login = Text("--admin-username", "Default: the e-mail address before its @.");
        Option<string?> person = Text("--admin-name", "Default: the user name.");
        Option<string?> reason = Text("--override", "Why it is made although the doctor says no.");
        return verbs.Make("add", "Takes a company live, in eight steps.", async (parsed, api, output, stop) =>
        {
            JsonObject body = Parsed(verbs.Read(parsed.GetValue(from)));
            Put(body, "externalRef", parsed.GetValue(reference));
            Put(body, "override", parsed.GetValue(reason));
            Put(body, "prompt", verbs.Read(parsed.GetValue(prompt)));
            Put(Part(body, "tenant", parsed.GetValue(name), parsed.GetValue(plan)), "name", parsed.GetValue(name));
            Put(body["tenant"], "planId", parsed.GetValue(plan));
            if (parsed.GetValue(number) is { } address)
            {
                JsonNode channel = Part(body, "channel", address)!;
                Put(channel, "kind", "meta-cloud");
                Put(channel, "address", address);
            }

            Put(body["channel"], "accessToken", verbs.Read(parsed.GetValue(token)));
            Put(body["channel"], "webhookSecret", verbs.Read(parsed.GetValue(secret)));
            Put(body["channel"], "verifyToken", verbs.Read(parsed.GetValue(verify)));
            if (parsed.GetValue(hook) is { } url)
            {
                string[] told = parsed.GetValue(events) is { Length: > 0 } some ? some : ["message.received"];
                body["webhookOut"] = new JsonObject
                {
                    ["url"] = url, ["events"] = new JsonArray([.. told.Select(e => (JsonNode)e)]),
                };
            }

            if (parsed.GetValue(email) is { } mail)
            {
                string user = parsed.GetValue(login) ?? mail.Split('@')[0];
                body["admin"] = new JsonObject
                {
                    ["email"] = mail, ["username"] = user, ["name"] = parsed.GetValue(person) ?? user,
                };
            }

            return Say(await api.PostAsync("/onboarding", body, stop), output);
        }, from, reference, name, plan, number, token, secret, verify, hook, events, prompt, email, login, person,
            reason);
    }

    private static int Say(JsonNode? report, Output output)
    {
        JsonArray? steps = report?["steps"] as JsonArray;
        output.Table(report, steps, "step", "state", "code", "detail");
        output.Line($"\ntenant          {report?["tenantId"]}");
        if (report?["webhookUrl"] is { } address) output.Line($"webhook         {address}");
        foreach ((string name, JsonNode? secret) in report?["once"] as JsonObject ?? [])
            if (secret is not null) output.Line($"{name,-15} {secret}   (shown this once)");
        return steps?.Any(s => (string?)s?["state"] == "failed") == true ? CommandFault.Failed : 0;
    }

    private static async Task<int> ListAsync(
        ParseResult parsed, Connection api, Output output, CancellationToken cancellationToken)
    {
        JsonArray all = [];
        string? after = null;
        do
        {
            JsonNode? page = await api.GetAsync(
                "/tenants?limit=200" + (after is null ? "" : $"&after={after}"), cancellationToken);
            foreach (JsonNode? row in page?["items"] as JsonArray ?? []) all.Add(row?.DeepClone());
            after = (string?)page?["next"];
        }
        while (after is not null);
        output.Table(new JsonObject { ["items"] = all.DeepClone() }, all, "id", "name", "status", "planName");
        return 0;
    }

    private static async Task<int> SetAsync(
        Connection api, Output output, Guid id, string verb, CancellationToken cancellationToken)
    {
        JsonNode? row = await api.PostAsync($"/tenants/{id}/{verb}", null, cancellationToken);
        output.Table(row, [row?.DeepClone()], "id", "name", "status");
        return 0;
    }

    private static JsonObject Parsed(string? text)
    {
        try
        {
            return text is null ? [] : JsonNode.Parse(text) as JsonObject ?? throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    private static CommandFault Unreadable() => new("--from must hold a JSON object.", CommandFault.Usage);

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    /// <summary>The part of the body, made where one of the values is there.</summary>
    private static JsonNode? Part(JsonObject body, string name, params string?[] values)
    {
        if (body[name] is null && values.Any(v => v is not null)) body[name] = new JsonObject();
        return body[name];
    }

    private static void Put(JsonNode? part, string name, string? value)
    {
        if (value is null) return;
        if (part is null) throw new CommandFault($"{name} goes with --number or --from.", CommandFault.Usage);
        part[name] = value;
    }
}
