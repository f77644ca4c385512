namespace Vellarys.Operations;

/// <summary>
/// Work that a clock starts. Both hosts run every registered job: Standalone by its scheduler, Azure by a timer each.
/// One instance runs it at a time; a run that is late is skipped when the next is due.
/// </summary>
public interface IJob
{
    /// <summary>Stable and unique: names the lock, the metric and the log lines.</summary>
    string Name { get; }

    /// <summary>From the start of a run to the start of the next.</summary>
    TimeSpan Every { get; }

    Task RunAsync(CancellationToken cancellationToken);
}
