using Vellarys.Flows.Handoff;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

public sealed class HandoffTableTests
{
    [Fact]
    public void Document_Table_SaysWhatTheFlowDoes() => TransitionTable.Holds<HandoffState, HandoffEvent>(
        "docs/flows/handoff.md", HandoffSamples.States, HandoffSamples.Events,
        (s, e) => HandoffFlow.On(s, e, HandoffSamples.Open),
        (s, e) => HandoffFlow.On(s, e, HandoffSamples.Closed));
}
