namespace Vellarys.Tests.Flows.Kernel;

/// <summary>A clock that starts now and moves when told to.</summary>
internal sealed class FlowClock : TimeProvider
{
    private DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;

    public void MoveTo(DateTimeOffset at) => _now = at > _now ? at : _now;
}
