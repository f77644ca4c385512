using System.Diagnostics.Metrics;

namespace Vellarys.Channels.Stops;

/// <summary>
/// Numbers that stopped and went on, as the counters <c>channel.stopped</c> (by <c>code</c>) and <c>channel.resumed</c>
/// (by <c>by</c>: <c>probe</c> or <c>operator</c>) of the meter <c>Vellarys.Channels</c>.
/// </summary>
public sealed class ChannelMetrics
{
    public const string MeterName = "Vellarys.Channels";

    private readonly Counter<long> _stopped;
    private readonly Counter<long> _resumed;

    public ChannelMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _stopped = meter.CreateCounter<long>(
            "channel.stopped", "{channel}", "Channels that stopped because the provider refused their account");
        _resumed = meter.CreateCounter<long>("channel.resumed", "{channel}", "Stopped channels that went on");
    }

    internal void Stopped(string code) => _stopped.Add(1, new KeyValuePair<string, object?>("code", code));

    internal void Resumed(string by) => _resumed.Add(1, new KeyValuePair<string, object?>("by", by));
}
