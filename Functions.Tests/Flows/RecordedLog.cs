using System.Text.Json;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Flows;

/// <summary>
/// A flow as an earlier release stored it: every later release must read it and come to the same.
/// </summary>
/// <param name="Settings">As stored with the tenant.</param>
internal sealed record RecordedLog(TenantSettings Settings, List<RecordedStep> Steps)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    /// <summary>The logs of one folder.</summary>
    /// <param name="folder">From the root, with a slash at its end.</param>
    public static TheoryData<string> In(string folder) =>
        [.. Sources.All.Select(f => f.Path).Where(p => p.StartsWith(folder, StringComparison.Ordinal))];

    /// <summary>All states that the logs of a folder lead to.</summary>
    public static IEnumerable<string> StatesIn(string folder) =>
        Sources.All.Where(f => f.Path.StartsWith(folder, StringComparison.Ordinal))
            .SelectMany(f => Read(f.Path).Steps)
            .Select(s => s.State).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Applies the log's events and compares each step with what was recorded.</summary>
    public static void Replay(string path, IFlow flow)
    {
        RecordedLog log = Read(path);
        var tenant = new Tenant(default, "Loja", "pt-BR", "America/Sao_Paulo", log.Settings);
        string? state = null;
        foreach (RecordedStep step in log.Steps)
        {
            FlowStep now = flow.Apply(state, step.Event.GetRawText(), step.At, step.SeenAt ?? step.At, tenant);
            Assert.Equal(
                (step.At, step.State, string.Join(", ", step.Commands), step.Outcome),
                (step.At, now.Name, string.Join(", ", now.Commands.Select(c => c.GetType().Name)),
                    now.Commands.OfType<End>().SingleOrDefault()?.Outcome));
            if (step.WakeAt is { } wake) Assert.Equal(wake, now.Commands.OfType<WakeAt>().Single().At);
            // What a release has stored, the next one reads.
            state = step.Stored?.GetRawText() ?? now.State;
        }
    }

    private static RecordedLog Read(string path) =>
        JsonSerializer.Deserialize<RecordedLog>(Sources.All.Single(f => f.Path == path).Text, Web)!;
}

/// <summary>One event and what it led to.</summary>
/// <param name="SeenAt">When the flow came to see it; null for at once.</param>
/// <param name="WakeAt">Null where it does not matter.</param>
/// <param name="Outcome">Null unless the step ends the flow.</param>
/// <param name="Stored">The state's JSON as it was stored after the step; null where it does not matter.</param>
internal sealed record RecordedStep(
    DateTimeOffset At, DateTimeOffset? SeenAt, JsonElement Event, string State, List<string> Commands,
    DateTimeOffset? WakeAt, string? Outcome, JsonElement? Stored);
