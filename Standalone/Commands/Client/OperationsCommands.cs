using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Vellarys.Standalone.Commands.Client;

/// <summary>How the installation is, and what it did.</summary>
internal static class OperationsCommands
{
    public static IEnumerable<Command> Make(Verbs verbs)
    {
        Option<int> days = new("--days") { Description = "Of how many days.", DefaultValueFactory = _ => 30 };
        yield return verbs.Make("doctor", "Nine checks, and what to do about each.", async (_, api, output, stop) =>
        {
            JsonNode? report = await api.GetAsync("/operations/doctor", stop);
            output.Table(report, report?["checks"] as JsonArray, "check", "state", "detail", "action");
            return (string?)report?["state"] == "red" ? CommandFault.Failed : 0;
        });
        yield return verbs.Make("report", "What each company's days were like.", async (parsed, api, output, stop) =>
        {
            string asked = parsed.GetValue(days).ToString(CultureInfo.InvariantCulture);
            JsonNode? report = await api.GetAsync($"/operations/report?days={asked}", stop);
            output.Table(
                report, report?["tenants"] as JsonArray, "name", "messagesIn", "messagesOut", "replies", "handoffs",
                "failed", "resent", "modelTokens", "answerP50Ms", "answerP95Ms");
            return 0;
        }, days);
    }
}
