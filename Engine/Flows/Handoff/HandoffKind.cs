using System.Text.Json.Serialization;
using Vellarys.Accounts;
using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Handoff;

/// <summary>The handoff as the kernel runs it.</summary>
internal sealed class HandoffKind(HandoffEffects handoff) : IFlow
{
    /// <summary>Also written by <c>signal_charge</c>.</summary>
    public const string FlowName = "handoff";

    private static readonly FlowCodec<HandoffState, HandoffEvent> Codec =
        new(HandoffJson.Default.HandoffState, HandoffJson.Default.HandoffEvent);

    public string Name => FlowName;

    public FlowStep Apply(string? state, string body, DateTimeOffset at, DateTimeOffset seenAt, Tenant tenant)
    {
        HandoffPolicy policy = HandoffPolicy.Of(tenant);
        return Codec.Apply(
            state, body, at, seenAt, new Fresh(), (before, happened) => HandoffFlow.On(before, happened, policy),
            _ => FlowListens.Nothing);
    }

    public void CarryOut(FlowCommand command, FlowEffects effects) => handoff.CarryOut(command, effects);
}

[JsonSerializable(typeof(HandoffState))]
[JsonSerializable(typeof(HandoffEvent))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowOutOfOrderMetadataProperties = true)]
internal sealed partial class HandoffJson : JsonSerializerContext;
