using System.Text.Json;
using System.Text.Json.Serialization;
using Vellarys.Messaging;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// Body of <c>flow-events</c>: look at this flow, or run that errand. Also written by <c>signal_flow</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record FlowHint(int V, Guid Tenant, Guid? Flow, string? Errand, string? Argument)
{
    public static FlowHint Read(Delivery delivery)
    {
        try
        {
            FlowHint? hint = JsonSerializer.Deserialize(delivery.Message.Body, FlowHintJson.Default.FlowHint);
            if (hint is { V: 1 }) return hint;
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

    public IFlowErrand Find(IEnumerable<IFlowErrand> errands) => errands.FirstOrDefault(e => e.Name == Errand)
        ?? throw new PermanentFault("unknown_errand", $"no errand {Errand}");
}

[JsonSerializable(typeof(FlowHint))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class FlowHintJson : JsonSerializerContext;
