using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Vellarys.Jobs;

/// <summary>
/// The jobs as instruments of the meter <c>Vellarys.Jobs</c>. Runs are this process's; the time since the last success
/// is the installation's, for every job that this process has asked for.
/// </summary>
internal sealed class JobMetrics
{
    public const string MeterName = "Vellarys.Jobs";

    private readonly ConcurrentDictionary<string, long> _succeeded = [];
    private readonly TimeProvider _time;
    private readonly Counter<long> _runs;

    public JobMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        Meter meter = meters.Create(MeterName);
        _runs = meter.CreateCounter<long>("job.runs", "{run}", "Times that a job was asked for, by outcome");
        meter.CreateObservableGauge(
            "job.seconds_since_success", SinceSuccess, "s",
            "Since the job last succeeded, or was first asked for");
    }

    public void Ran(string job, JobOutcome outcome)
    {
        _succeeded.TryAdd(job, _time.GetTimestamp());
        _runs.Add(1, new("job", job), new("outcome", outcome switch
        {
            JobOutcome.Done => "done",
            JobOutcome.Failed => "failed",
            JobOutcome.Elsewhere => "elsewhere",
            _ => "not_due",
        }));
    }

    public void Succeeded(string job, TimeSpan ago) =>
        _succeeded[job] = _time.GetTimestamp() - (long)(ago.TotalSeconds * _time.TimestampFrequency);

    private IEnumerable<Measurement<double>> SinceSuccess() => _succeeded.Select(s => new Measurement<double>(
        _time.GetElapsedTime(s.Value).TotalSeconds, new KeyValuePair<string, object?>("job", s.Key)));
}
