using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Channels.Stops;

/// <summary>
/// Whether a number sends. One refusal of its account puts it in doubt; a second, by a later call and with no send in
/// between, stops it. A stopped number is looked at again by itself, with back-off; when the provider does not refuse
/// it then, it is tried with what waits, and one more refusal stops it again.
/// </summary>
public sealed class ChannelStops(
    ChannelStopsStore store, IChannelDirectory directory, IEnumerable<IProvider> providers, IAfterResume after,
    ChannelMetrics metrics, ILogger<ChannelStops> logger)
{
    /// <summary>When what was refused is tried once more: long enough for a hiccup to be over.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>The provider refused the account; returns when to try again.</summary>
    /// <param name="claimedAt">When what was refused was claimed, by the database's clock.</param>
    /// <param name="isProven">False: something on the way said so, without a code of the provider's.</param>
    public async Task<TimeSpan> RefusedAsync(
        Channel channel, string code, DateTime claimedAt, bool isProven)
    {
        ChannelRefusal? refusal = await store.RefusedAsync(channel, code, claimedAt, isProven);
        if (refusal is null) return Apart(SecondLook);
        if (refusal is { IsFresh: true } or { Stopped: true }) directory.Invalidate();
        if (refusal.Stopped)
        {
            metrics.Stopped(code);
            Log.ChannelStopped(logger, channel.Id, channel.Tenant, code);
            return Apart(refusal.NextProbe < Longest ? refusal.NextProbe : Longest);
        }

        if (refusal.IsFresh) Log.ChannelDoubted(logger, channel.Id, channel.Tenant, code);
        return Apart(SecondLook);
    }

    /// <summary>A send went through: whatever was in doubt is not.</summary>
    public async Task WorksAsync(Channel channel)
    {
        try
        {
            if (!await store.WorksAsync(channel)) return;
            directory.Invalidate();
            Log.ChannelWorks(logger, channel.Id, channel.Tenant);
        }
        catch (NpgsqlException e) when (TransientErrors.HitsEveryItem(e))
        {
            // The next send says it again.
        }
    }

    /// <summary>
    /// What waits for a stopped channel asks whether it may go: takes the look that is due, and returns when to come
    /// back.
    /// </summary>
    public async Task<TimeSpan> LookAsync(Channel channel, CancellationToken cancellationToken)
    {
        ChannelStanding standing = await store.TakeLookAsync(channel);
        if (standing.IsDue && await ProbeAsync(channel, cancellationToken)) return Least;
        if (standing.IsActive)
        {
            directory.Invalidate();
            return Least;
        }

        return Apart(standing.NextProbe is { } left && left < Longest ? left : Longest);
    }

    /// <summary>Whether the channel may send again.</summary>
    private async Task<bool> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        IProvider? provider = providers.FirstOrDefault(c => c.Kind == channel.Kind);
        if (provider is null) return false;
        if (await provider.ProbeAsync(channel, cancellationToken) is ChannelProbe.Refused refused)
        {
            Log.ChannelStillRefused(logger, channel.Id, channel.Tenant, refused.Code);
            return false;
        }

        if (!await store.ResumeAsync(channel.Tenant, channel.Id, byOperator: false)) return false;
        await ResumedAsync(channel.Tenant, channel.Id, "probe");
        return true;
    }

    /// <summary>A person starts it again; null when there is no such channel.</summary>
    internal async Task<ChannelRow?> ResumeAsync(
        TenantId tenant, ChannelId channel, CancellationToken cancellationToken)
    {
        if (await store.ResumeAsync(tenant, channel, byOperator: true))
            await ResumedAsync(tenant, channel, "operator");
        return (await store.ListAsync(tenant, channel, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A person stops it, until a person starts it again; null when there is no such channel.</summary>
    internal async Task<ChannelRow?> StopAsync(
        TenantId tenant, ChannelId channel, CancellationToken cancellationToken)
    {
        if (await store.StopAsync(tenant, channel))
        {
            directory.Invalidate();
            Log.ChannelStopped(logger, channel, tenant, "operator");
        }

        return (await store.ListAsync(tenant, channel, cancellationToken)).SingleOrDefault();
    }

    private async Task ResumedAsync(TenantId tenant, ChannelId channel, string by)
    {
        directory.Invalidate();
        metrics.Resumed(by);
        Log.ChannelResumed(logger, channel, tenant, by);
        await after.RunAsync(tenant, channel);
    }

    // What waits together does not come back together.
    private static TimeSpan Apart(TimeSpan wait) =>
        (wait < Least ? Least : wait) * (1 + Random.Shared.NextDouble() / 4);
}
