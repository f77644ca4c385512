using System.Diagnostics.Metrics;

namespace Vellarys.Limits;

/// <summary>
/// What was put off for want of room, as the counter <c>limit.refused</c> of the meter <c>Vellarys.Limits</c> with the
/// tag <c>bucket</c>: the kind, never whose.
/// </summary>
public sealed class LimitMetrics
{
    public const string MeterName = "Vellarys.Limits";

    private readonly Counter<long> _refused;

    public LimitMetrics(IMeterFactory meters) => _refused = meters.Create(MeterName).CreateCounter<long>(
        "limit.refused", "{request}", "Requests that a limit put off, tagged with the kind of its bucket");

    internal void Refused(string? bucket) =>
        _refused.Add(1, new KeyValuePair<string, object?>("bucket", bucket ?? "other"));
}
