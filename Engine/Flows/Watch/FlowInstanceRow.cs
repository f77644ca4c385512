using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Watch;

/// <summary>A flow's instance beside its row, and what does not fit between the two.</summary>
/// <param name="Status">
/// The runner's word; <c>missing</c> where there is no instance, <c>unknown</c> while the runner does not answer.
/// </param>
/// <param name="Finding">
/// <c>not_running</c>, <c>suspended</c>, <c>no_progress</c>, <c>left_over</c>; null: it fits.
/// </param>
internal sealed record FlowInstanceRow(
    string Status, string? Finding, string? Id = null, DateTimeOffset? CreatedAt = null,
    DateTimeOffset? LastUpdatedAt = null, string? Failure = null)
{
    private const string Suspended = "suspended";

    public static readonly FlowInstanceRow Unknown = new("unknown", null);

    public static FlowInstanceRow Of(FlowListRow flow, FlowInstance? instance, DateTimeOffset now)
    {
        string? finding = Compare(flow, instance, now);
        return instance is null
            ? new FlowInstanceRow("missing", finding)
            : new FlowInstanceRow(
                instance.Status, finding, instance.Id, instance.CreatedAt, instance.LastUpdatedAt, instance.Failure);
    }

    private static string? Compare(FlowListRow flow, FlowInstance? instance, DateTimeOffset now)
    {
        bool isQuiet = instance is null || StuckInstance.IsQuiet(instance.LastUpdatedAt, now);
        if (flow.EndedAt is not null) return instance is { IsAlive: true } && isQuiet ? "left_over" : null;
        if (instance is not { IsAlive: true }) return "not_running";
        if (instance.Status == Suspended) return Suspended;
        bool isDue = flow.WakeAt < now.UtcDateTime - StuckInstance.Grace || flow.Restarts > 0;
        return isDue && isQuiet ? "no_progress" : null;
    }
}
