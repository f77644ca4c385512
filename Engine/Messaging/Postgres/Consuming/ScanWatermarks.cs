namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// For each priority, the due time below which this consumer has seen everything. Index entries of deleted rows stay
/// until vacuum; without a floor a busy queue's every look would walk over all of them. A row that becomes visible
/// below the floor (its transaction was slow to commit) is found by the look without floors, once a second.
/// </summary>
internal sealed class ScanWatermarks(TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FullLookEvery = TimeSpan.FromSeconds(1);
    public static readonly DateTime Bottom = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);
    private static readonly DateTime Top = DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
    private readonly DateTime[] _floors = [Bottom, Bottom, Bottom];
    private long? _lastFullLook;

    /// <summary>
    /// For a look at the priorities more urgent than <paramref name="below"/>: the others end before they begin.
    /// </summary>
    public static DateTime[] None(short below)
    {
        DateTime[] floors = [Top, Top, Top];
        Array.Fill(floors, Bottom, 0, below);
        return floors;
    }

    /// <summary>From where to look now.</summary>
    public DateTime[] Next()
    {
        if (_lastFullLook is { } last && time.GetElapsedTime(last) < FullLookEvery) return _floors;
        _lastFullLook = time.GetTimestamp();
        return [Bottom, Bottom, Bottom];
    }

    /// <param name="drained">The look found less than it asked for: nothing due is left.</param>
    public void Advance(Leased leased, bool drained)
    {
        if (drained)
        {
            Array.Fill(_floors, leased.Now - Margin);
            return;
        }

        foreach (LeasedRow row in leased.Rows)
        {
            int priority = (int)row.Message.Priority;
            if (row.DueAt - Margin > _floors[priority]) _floors[priority] = row.DueAt - Margin;
        }
    }
}
