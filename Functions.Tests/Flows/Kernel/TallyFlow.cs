using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;

namespace Vellarys.Tests.Flows.Kernel;

/// <summary>
/// A flow that counts what reaches it. Its state is "sum, wake-ups"; each event that it applies is one note in a queue
/// that nobody reads.
/// </summary>
internal sealed class TallyFlow : IFlow
{
    public const string Notes = Queues.LearningTasks;

    public string Name => "tally";

    public static string Add(int n) => $$"""{"kind":"add","n":{{n}}}""";

    public static string Sleep(DateTimeOffset until) =>
        new JsonObject { ["kind"] = "sleep", ["until"] = until.ToString("O", CultureInfo.InvariantCulture) }
            .ToJsonString();

    public const string Finish = """{"kind":"finish"}""";

    /// <summary>Its step fails on this, until it is told otherwise.</summary>
    public const string Break = """{"kind":"break"}""";

    public bool IsBroken { get; set; } = true;

    public FlowStep Apply(string? state, string body, DateTimeOffset at, DateTimeOffset seenAt, Tenant tenant)
    {
        JsonNode happened = JsonNode.Parse(body)!;
        int[] now = state is null ? [0, 0] : JsonSerializer.Deserialize<int[]>(state)!;
        var commands = new List<FlowCommand> { new Note(body) };
        switch ((string?)happened["kind"])
        {
            case "add":
                now[0] += (int)happened["n"]!;
                break;
            case "sleep":
                commands.Add(new WakeAt(DateTimeOffset.Parse(
                    (string)happened["until"]!, CultureInfo.InvariantCulture)));
                break;
            case "woke":
                now[1]++;
                break;
            case "finish":
                commands.Add(new End("finished"));
                break;
            case "break" when IsBroken:
                throw new PermanentFault("tally_broken", "told to break");
        }

        return new FlowStep(JsonSerializer.Serialize(now), "Tallying", FlowListens.Nothing, commands);
    }

    public void CarryOut(FlowCommand command, FlowEffects effects) =>
        effects.Send(new QueueMessage(Notes, effects.NewId(), ((Note)command).Body) { Tenant = effects.Tenant.Id });

    private sealed record Note(string Body) : FlowCommand;
}
