using System.Text.Json;
using System.Text.Json.Serialization;
using Vellarys.Messaging;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// Body of <c>flow-events</c>: look at this flow, or run that task. Also written by <c>signal_flow</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record FlowWakeUp(int V, Guid Tenant, Guid? Flow, string? Errand, string? Argument)
{
    public static FlowWakeUp Read(ReceivedMessage received)
    {
        try
        {
            FlowWakeUp? wakeUp = JsonSerializer.Deserialize(received.Message.Body, FlowWakeUpJson.Default.FlowWakeUp);
            if (wakeUp is { V: 1 }) return wakeUp;
        }
        catch (JsonException e)
        {
            throw new PermanentFault("bad_body", "a flow-events message is not readable", e);
        }

        throw new TransientFault("newer_body", "a flow-events message was written by a newer release")
        {
            IsOutage = true, RetryAfter = TimeSpan.FromSeconds(5),
        };
    }

    public IFlowTask Find(IEnumerable<IFlowTask> tasks) => tasks.FirstOrDefault(t => t.Name == Errand)
        ?? throw new PermanentFault("unknown_errand", $"no errand {Errand}");
}

[JsonSerializable(typeof(FlowWakeUp))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FlowWakeUpJson : JsonSerializerContext;
