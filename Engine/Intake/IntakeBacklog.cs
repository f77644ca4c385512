using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Messaging;

namespace Vellarys.Intake;

/// <summary>
/// Whether a tenant has so much waiting that its provider should keep the rest for a while. An estimate in memory: what
/// the last count found and what was taken in since. The table is counted beside the path, for a tenant that may be
/// over the limit, and not more than once a second.
/// </summary>
/// <param name="queues">Null where the queues can not be counted: then nothing is refused.</param>
internal sealed class IntakeBacklog(
    IntakeOptions options, ITenantBacklog? queues, TimeProvider time, ILogger<IntakeBacklog> logger)
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<TenantId, Estimate> _tenants = new();
    private long _refusedAt = long.MinValue;

    /// <summary>Whether a webhook was refused for its tenant's backlog within the last minute.</summary>
    public bool IsShort => Volatile.Read(ref _refusedAt) is var at and not long.MinValue
        && time.GetElapsedTime(at) < Recent;

    /// <summary>
    /// How long the provider should wait; null when these may come in. One tenant that has room carries the others of
    /// its webhook: it must not wait for them, and a webhook is taken whole or not at all.
    /// </summary>
    public TimeSpan? Refuses(IReadOnlyList<QueueMessage> messages)
    {
        if (options.MaxBacklog == 0 || queues is null || messages.Count == 0) return null;
        foreach (QueueMessage message in messages)
        {
            if (message.Tenant is not { } tenant || !IsOver(tenant)) return null;
        }

        Volatile.Write(ref _refusedAt, time.GetTimestamp());
        return options.RetryAfter;
    }

    /// <summary>These came in.</summary>
    public void Add(IReadOnlyList<QueueMessage> messages)
    {
        if (options.MaxBacklog == 0 || queues is null) return;
        foreach (QueueMessage message in messages)
        {
            if (message.Tenant is { } tenant) _tenants.GetOrAdd(tenant, _ => new Estimate()).Add();
        }
    }

    private bool IsOver(TenantId tenant)
    {
        if (!_tenants.TryGetValue(tenant, out Estimate? estimate)) return false;
        long waiting = estimate.Waiting;
        // Half way there it is time to look: most of what came in is done with by now.
        if (waiting > options.MaxBacklog / 2 && estimate.TryBegin(time, CountEvery)) _ = CountAsync(tenant, estimate);
        return waiting > options.MaxBacklog;
    }

    private async Task CountAsync(TenantId tenant, Estimate estimate)
    {
        long before = estimate.Added;
        try
        {
            estimate.Counted(
                await queues!.CountAsync(tenant, options.MaxBacklog + 1, CancellationToken.None), before);
        }
        catch (NpgsqlException e)
        {
            // The estimate stays as it is until the next count.
            Log.BacklogNotCounted(logger, tenant, e.SqlState ?? e.GetType().Name);
        }
        finally
        {
            estimate.End();
        }
    }

    private sealed class Estimate
    {
        private long _added;
        private long _base;
        private long _countedAt = long.MinValue;
        private int _isCounting;

        /// <summary>All that came in since this process started.</summary>
        public long Added => Volatile.Read(ref _added);

        public long Waiting => Added + Volatile.Read(ref _base);

        public void Add() => Interlocked.Increment(ref _added);

        public bool TryBegin(TimeProvider time, TimeSpan every)
        {
            long at = Volatile.Read(ref _countedAt);
            if (at != long.MinValue && time.GetElapsedTime(at) < every) return false;
            if (Interlocked.Exchange(ref _isCounting, 1) == 1) return false;
            Volatile.Write(ref _countedAt, time.GetTimestamp());
            return true;
        }

        /// <param name="before">What had come in when the count began: it is among the counted.</param>
        public void Counted(long waiting, long before) => Volatile.Write(ref _base, waiting - before);

        public void End() => Volatile.Write(ref _isCounting, 0);
    }
}
