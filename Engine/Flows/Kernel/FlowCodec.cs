using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vellarys.Flows.Kernel;

/// <summary>Turns a flow's typed step into one over stored JSON.</summary>
/// <param name="states">The state union; its discriminator is the state's name.</param>
/// <param name="events">The event union; its discriminator is the event's <c>kind</c>.</param>
internal sealed class FlowCodec<TState, TEvent>(JsonTypeInfo<TState> states, JsonTypeInfo<TEvent> events)
    where TState : class
    where TEvent : FlowEvent
{
    public FlowStep Apply(
        string? state, string body, DateTimeOffset at, DateTimeOffset seenAt, TState start,
        Func<TState, TEvent, Step<TState>> on, Func<TState, FlowListens> listens)
    {
        TState before = state is null ? start : Read(states, state, "state");
        var happened = (TEvent)(Read(events, body, "event") with { At = at, SeenAt = seenAt });
        Step<TState> step = on(before, happened);
        return new FlowStep(
            JsonSerializer.Serialize(step.State, states), step.State.GetType().Name, listens(step.State),
            step.Commands);
    }

    public TState State(string json) => Read(states, json, "state");

    private static T Read<T>(JsonTypeInfo<T> type, string json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type)
                ?? throw new PermanentFault("flow_" + what, $"A flow's {what} is null.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new PermanentFault("flow_" + what, $"A flow's {what} cannot be read.", e);
        }
    }
}
