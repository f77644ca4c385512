using Microsoft.Extensions.Logging;

namespace Vellarys.Health;

/// <summary>
/// Asks every probe at once, each for at most <see cref="HealthOptions.ProbeCap"/>, so the report comes within 500 ms
/// whatever is broken. Callers at the same time share one check, and those that come within
/// <see cref="HealthOptions.KeepFor"/> read its report: the endpoint is open, and must not become a load of its own.
/// </summary>
internal sealed class CheckHealth(
    IEnumerable<IDependencyProbe> probes, HealthOptions options, TimeProvider time, ILogger<CheckHealth> log)
{
    private readonly Lock _gate = new();
    private readonly IDependencyProbe[] _probes = [.. probes.OrderBy(p => p.Name, StringComparer.Ordinal)];
    private Task<HealthReport>? _latest;
    private long _begun;

    public Task<HealthReport> RunAsync()
    {
        lock (_gate)
        {
            if (_latest is { } latest && (!latest.IsCompleted || time.GetElapsedTime(_begun) < options.KeepFor))
                return latest;
            _begun = time.GetTimestamp();
            return _latest = CheckAllAsync();
        }
    }

    private async Task<HealthReport> CheckAllAsync()
    {
        DependencyState[] states = await Task.WhenAll(_probes.Select(CheckAsync));
        DependencyLevel worst = states.Select(s => s.Level).DefaultIfEmpty(DependencyLevel.Healthy).Max();
        var found = _probes.Zip(states).ToDictionary(p => p.First.Name, p => p.Second);
        return new HealthReport(worst, time.GetUtcNow(), found);
    }

    private async Task<DependencyState> CheckAsync(IDependencyProbe probe)
    {
        using var cap = new CancellationTokenSource(options.ProbeCap, time);
        try
        {
            return await Task.Run(() => probe.CheckAsync(cap.Token), cap.Token).WaitAsync(cap.Token);
        }
        catch (OperationCanceledException)
        {
            return new DependencyState(probe.OnFailure, "timeout");
        }
// The report must come whatever breaks; the exception goes to the log, not to the caller.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.ProbeFailed(e, probe.Name);
            return new DependencyState(probe.OnFailure, "down");
        }
    }
}

/// <summary>The state of this instance and of what it stands on.</summary>
internal sealed record HealthReport(
    DependencyLevel Status, DateTimeOffset Timestamp, IReadOnlyDictionary<string, DependencyState> Dependencies);
