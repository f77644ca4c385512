

namespace Vellarys.Jobs;

/// <summary>
/// Work that a clock starts. Every host runs every registered job through <see cref="RunJob"/>: Standalone by its
/// scheduler, Azure by a timer each.
/// </summary>
public interface IJob
{
    /// <summary>Its entry in <see cref="JobSchedules"/>.</summary>
    JobSchedule Schedule { get; }

    string Name => Schedule.Name;

    /// <summary>From the start of a run to the start of the next.</summary>
    TimeSpan Every => Schedule.Every;

    Task RunAsync(CancellationToken cancellationToken);
}
