using System.Text.Json.Serialization;
using Vellarys.Messaging;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// Body of <c>flow-events</c>: look at this flow, or run that task. Also written by <c>signal_flow</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record FlowWakeUp(
    int V, Guid Tenant, Guid? Flow, [property: JsonPropertyName("errand")] string? Task, string? Argument)
{
    public static FlowWakeUp Read(ReceivedMessage received) =>
        QueueBody.Read(received, FlowWakeUpJson.Default.FlowWakeUp, b => b.V);

    public IFlowTask Find(IEnumerable<IFlowTask> tasks) => tasks.FirstOrDefault(t => t.Name == Task)
        ?? throw new PermanentFault("unknown_errand", $"no task {Task}");
}

[JsonSerializable(typeof(FlowWakeUp))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FlowWakeUpJson : JsonSerializerContext;
