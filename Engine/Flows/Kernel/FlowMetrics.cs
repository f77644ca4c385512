using System.Diagnostics.Metrics;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// Flows as instruments of the meter <c>Vellarys.Flows.Kernel</c>. Counted after the commit: a process that dies right
/// then misses one, the rows do not.
/// </summary>
internal sealed class FlowMetrics
{
    public const string MeterName = "Vellarys.Flows.Kernel";

    private readonly Counter<long> _advances;
    private readonly Counter<long> _ended;

    public FlowMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _advances = meter.CreateCounter<long>("flow.advances", "{advance}", "Transactions that moved a flow");
        _ended = meter.CreateCounter<long>(
            "flow.ended", "{flow}", "Flows that ended, with their outcome: lost, recovered, answered, abandoned ...");
    }

    public void Advanced(TenantId tenant, string flow, string? outcome)
    {
        KeyValuePair<string, object?> name = new("flow", flow);
        _advances.Add(1, name);
        if (outcome is not null) _ended.Add(1, name, new("outcome", outcome), new("tenant", tenant.ToString()));
    }
}
