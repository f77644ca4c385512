using System.Diagnostics.Metrics;
using Vellarys.Limits;

namespace Vellarys.Assistant.Model;

/// <summary>
/// How much of the model's quota this instance used in the last minute, as the gauge <c>model.quota.usage</c> of the
/// meter <c>Vellarys.Model</c> with the tag <c>quota</c>: all instances' together are what the deployment sees. Nothing
/// is measured of a quota that is not set.
/// </summary>
internal sealed class QuotaUse
{
    public const string MeterName = "Vellarys.Model";

    private const int Slots = 12;
    private static readonly TimeSpan Slot = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly (long At, long Requests, long Tokens)[] _slots = new (long, long, long)[Slots];
    private readonly LimitsOptions _limits;
    private readonly TimeProvider _time;

    public QuotaUse(IMeterFactory meters, LimitsOptions limits, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        meters.Create(MeterName).CreateObservableGauge(
            "model.quota.usage", Measure, "%", "Used of the model's quota in the last minute, tagged with which");
    }

    /// <summary>Taken; tokens may be given back.</summary>
    public void Took(int requests, int tokens)
    {
        long now = Now;
        lock (_gate)
        {
            ref (long At, long Requests, long Tokens) slot = ref _slots[now % Slots];
            if (slot.At != now) slot = (now, 0, 0);
            slot.Requests += requests;
            slot.Tokens += tokens;
        }
    }

    private long Now => _time.GetElapsedTime(0).Ticks / Slot.Ticks;

    private IEnumerable<Measurement<double>> Measure()
    {
        (long requests, long tokens) = (0, 0);
        lock (_gate)
        {
            long oldest = Now - Slots + 1;
            foreach ((long at, long ofRequests, long ofTokens) in _slots)
            {
                if (at < oldest) continue;
                requests += ofRequests;
                tokens += ofTokens;
            }
        }

        if (Percent(requests, _limits.ModelRequestsPerMinute) is { } r) yield return Of("requests", r);
        if (Percent(tokens, _limits.ModelTokensPerMinute) is { } t) yield return Of("tokens", t);
    }

    private static double? Percent(long used, int limit) =>
        limit == 0 ? null : Math.Round(100.0 * Math.Max(used, 0) / limit, 1);

    private static Measurement<double> Of(string quota, double percent) =>
        new(percent, new KeyValuePair<string, object?>("quota", quota));
}
