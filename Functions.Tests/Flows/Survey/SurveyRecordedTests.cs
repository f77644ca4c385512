using System.Text.Json;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Flows.Survey;

/// <summary>
/// Surveys as earlier releases stored them: every later release must read them and come to the same.
/// </summary>
public sealed class SurveyRecordedTests
{
    private const string Folder = "Functions.Tests/Flows/Survey/recorded/";
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static TheoryData<string> Logs =>
        [.. Sources.All.Select(f => f.Path).Where(p => p.StartsWith(Folder, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Logs))]
    public void Log_Replayed_ComesToTheSame(string path)
    {
        Recorded log = JsonSerializer.Deserialize<Recorded>(Sources.All.Single(f => f.Path == path).Text, Web)!;
        var tenant = new Tenant(
            default, "Loja", "pt-BR", "America/Sao_Paulo", new TenantSettings { Survey = log.Settings });
        string? state = null;
        foreach (RecordedStep step in log.Steps)
        {
            FlowStep now = new SurveyEffects().Apply(state, step.Event.GetRawText(), step.At, step.At, tenant);
            Assert.Equal(
                (step.State, string.Join(", ", step.Commands)),
                (now.Name, string.Join(", ", now.Commands.Select(c => c.GetType().Name))));
            // What a release has stored, the next one reads.
            state = step.Stored?.GetRawText() ?? now.State;
        }
    }

    [Fact]
    public void Logs_Together_LeadThroughEveryState() => Assert.Equal(
        ["Asked", "AskedWhy", "Ended", "Planned"],
        Sources.All.Where(f => f.Path.StartsWith(Folder, StringComparison.Ordinal))
            .SelectMany(f => JsonSerializer.Deserialize<Recorded>(f.Text, Web)!.Steps)
            .Select(s => s.State).Distinct().Order(StringComparer.Ordinal));

    private sealed record Recorded(SurveySettings Settings, List<RecordedStep> Steps);

    /// <param name="Stored">The state's JSON as it was stored after the step; null where it does not matter.</param>
    private sealed record RecordedStep(
        DateTimeOffset At, JsonElement Event, string State, List<string> Commands, JsonElement? Stored);
}
