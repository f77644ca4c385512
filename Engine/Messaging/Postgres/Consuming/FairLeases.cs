namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// Chooses what to lease. Normally that is the front of the queue, in one narrow walk of its index. When one tenant's
/// messages fill the front, the others' are looked up behind them and come first, until each holds as much here as
/// that tenant does; the front gets what is left.
/// </summary>
internal sealed class FairLeases(
    string queue, ConcurrencyLimiter slots, InFlightMessages held, LeaseStore store, TimeProvider time)
{
    // Rows of the index to walk in one look beyond the front: a few milliseconds.
    private const int Window = 8_192;

    private readonly ScanWatermarks _floors = new(time);
    private readonly Crowd _crowd = new(time);

    /// <summary>
    /// Leases for the free places. <paramref name="take"/> has the rows of each statement at once: what is leased is
    /// held, whatever becomes of the next one.
    /// </summary>
    /// <param name="prefetch">How many to lease beyond the free places.</param>
    public async Task<LeaseLook> RunAsync(
        int prefetch, TimeSpan lockFor, TimeSpan horizon, Action<List<LeasedRow>> take)
    {
        int wanted = slots.Wanted(prefetch), count = 0;
        if (slots.WantedOfOne(prefetch) == 0 && _crowd.Tenant is null && slots.Largest is { } largest)
            _crowd.Begin(largest, (short)QueuePriority.Normal, ScanWatermarks.Bottom);
        if (_crowd.Tenant is { } tenant) count = await LeaseOthersAsync(tenant, wanted, lockFor, horizon, take);

        int ofOne = Math.Min(wanted - count, slots.WantedOfOne(prefetch));
        // A full front belongs to its tenant, which has its share; nothing is known of what it would leave.
        if (ofOne <= 0) return new LeaseLook(count, IsDrained: false, IsCrowded: true, null);
        Leased front = await store.DequeueAsync(queue, ofOne, _floors.Next(), lockFor, horizon);
        bool drained = front.Rows.Count < ofOne;
        _floors.Advance(front, drained);
        take(front.Rows);
        if (drained) _crowd.End();
        else Watch(front.Rows);
        return new LeaseLook(count + front.Rows.Count, drained, _crowd.Tenant is not null, front.NextDue);
    }

    private async Task<int> LeaseOthersAsync(
        TenantId tenant, int wanted, TimeSpan lockFor, TimeSpan horizon, Action<List<LeasedRow>> take)
    {
        int count = 0;
        if (_crowd.Priority > 0)
        {
            Leased urgent = await store.DequeueAsync(
                queue, wanted, ScanWatermarks.None(_crowd.Priority), lockFor, horizon);
            take(urgent.Rows);
            count = urgent.Rows.Count;
        }

        Dictionary<Guid, int> shares = held.ByTenant();
        int most = Math.Max(1, shares.GetValueOrDefault(tenant.Value));
        foreach (QueuePlace start in _crowd.Starts(shares, most))
        {
            if (count >= wanted) break;
            LeasedOthers found = await store.DequeueOthersAsync(
                queue, _crowd.Priority, start, Window, wanted - count, (tenant, most),
                _crowd.SharesFrom(start, shares, most), lockFor);
            _crowd.Looked(start, found, found.Now);
            take(found.Rows);
            foreach (LeasedRow row in found.Rows)
            {
                if (row.Message.Tenant is { } its) shares[its.Value] = shares.GetValueOrDefault(its.Value) + 1;
            }

            count += found.Rows.Count;
        }

        return count;
    }

    /// <summary>More waits than was taken: is it mostly one tenant's?</summary>
    private void Watch(List<LeasedRow> front)
    {
        short priority = (short)front[^1].Message.Priority;
        List<LeasedRow> last = front.FindAll(r => (short)r.Message.Priority == priority);
        (Guid tenant, int rows) = last.CountBy(r => r.Message.Tenant?.Value ?? Guid.Empty).MaxBy(t => t.Value);
        // The platform's own messages, of no tenant, crowd nobody.
        if (tenant != Guid.Empty && 2 * rows > last.Count) _crowd.Begin(new(tenant), priority, last[0].DueAt);
        else _crowd.End();
    }
}

/// <summary>What a look for messages led to.</summary>
/// <param name="IsDrained">Nothing due is left in the table.</param>
/// <param name="IsCrowded">One tenant's messages fill the front of the queue.</param>
/// <param name="NextDue">How long until more may be due; null for longer than the horizon.</param>
internal readonly record struct LeaseLook(int Count, bool IsDrained, bool IsCrowded, TimeSpan? NextDue);
