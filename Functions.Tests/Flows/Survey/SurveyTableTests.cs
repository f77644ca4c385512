using Vellarys.Flows.Survey;
using Xunit;

namespace Vellarys.Tests.Flows.Survey;

public sealed class SurveyTableTests
{
    [Fact]
    public void Document_Table_SaysWhatTheFlowDoes() => TransitionTable.Holds<SurveyState, SurveyEvent>(
        "docs/flows/survey.md", [.. Samples.States], [.. Samples.Events],
        (s, e) => SurveyFlow.On(s, e, Samples.Nps),
        (s, e) => SurveyFlow.On(s, e, Samples.WithTemplate),
        (s, e) => SurveyFlow.On(s, e, Samples.Off));
}
