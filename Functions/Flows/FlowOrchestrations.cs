using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Vellarys.Functions.Flows;

/// <summary>One orchestrator a kind of flow, named like it, so that each shows by name in the monitor.</summary>
public static class FlowOrchestrations
{
    [Function("handoff")]
    public static Task Handoff([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FlowOrchestrator.RunAsync(context);

    [Function("reengagement")]
    public static Task Reengagement([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FlowOrchestrator.RunAsync(context);

    [Function("survey")]
    public static Task Survey([OrchestrationTrigger] TaskOrchestrationContext context) =>
        FlowOrchestrator.RunAsync(context);
}
