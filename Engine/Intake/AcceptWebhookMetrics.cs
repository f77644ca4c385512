using System.Diagnostics.Metrics;

namespace Vellarys.Intake;

/// <summary>
/// Webhooks as counters of the meter <c>Vellarys.Conversations</c>, each with the tag <c>provider</c>.
/// </summary>
internal sealed class AcceptWebhookMetrics
{
    public const string MeterName = "Vellarys.Conversations";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _unrouted;
    private readonly Counter<long> _notKept;
    private readonly Counter<long> _refused;

    public AcceptWebhookMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        Meter meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("webhook.accepted", "{event}", "Events taken into the queue");
        _unrouted = meter.CreateCounter<long>("webhook.unrouted", "{event}", "Events of numbers that no channel has");
        _notKept = meter.CreateCounter<long>(
            "webhook.unrouted.dropped", "{event}",
            "Of those the ones that were not kept for want of room, or were kept and had to make it");
        _refused = meter.CreateCounter<long>("webhook.refused", "{webhook}", "Webhooks answered with an error");
    }

    internal void Accepted(string provider, int events) => _accepted.Add(events, Tag("provider", provider));

    internal void Unrouted(string provider, int events) => _unrouted.Add(events, Tag("provider", provider));

    internal void NotKept(string provider, int events) => _notKept.Add(events, Tag("provider", provider));

    internal void Refused(string provider, string reason) =>
        _refused.Add(1, Tag("provider", provider), Tag("reason", reason));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
