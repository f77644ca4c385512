using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Sending;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign;

/// <summary>
/// Looks at a running campaign, again and again until it is over: releases as many of its messages as the channel's
/// number takes, so that a customer's answer never stands behind more than a second of them.
/// </summary>
internal sealed class RunCampaign(
    CampaignStore store, ITenantDirectory tenants, IChannelDirectory channels, IEnumerable<IProvider> providers,
    SendPacing pacing, TimeProvider time, ILogger<RunCampaign> logger) : IMessageHandler
{
    /// <summary>Where nobody counts.</summary>
    private const int DefaultPerSecond = 80;
    private const int MostPerSecond = 500;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, IProvider> _providers = providers.ToDictionary(p => p.Kind);

    public string Queue => Queues.CampaignDelivery;

    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        CampaignDue due = QueueBody.Read(received, CampaignDueJson.Default.CampaignDue, b => b.V);
        Tenant tenant = await tenants.FindAsync(new TenantId(due.Tenant), cancellationToken)
            ?? throw new PermanentFault("unknown_tenant", $"no tenant {due.Tenant}");
        try
        {
            if (await LookAsync(due, tenant, cancellationToken) is { } wait)
                await received.DeferAsync(wait, "campaign", cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    /// <summary>How long until the next look; null when there is nothing more to do.</summary>
    private async Task<TimeSpan?> LookAsync(CampaignDue due, Tenant tenant, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        CampaignMove? move = await store.AdvanceAsync(
            due, now, async channel => await PolicyAsync(tenant, channel, cancellationToken), cancellationToken);
        switch (move)
        {
            case CampaignMove.Wait wait:
                TimeSpan left = wait.Until - now;
                return left < Again ? Again : left > LongestWait ? LongestWait : left;
            case CampaignMove.Release or CampaignMove.PassStage:
                return Again;
            case CampaignMove.Halt halt:
                Log.Halted(logger, tenant.Id, due.Campaign, halt.Reason);
                return null;
            default:
                return null;
        }
    }

    private async Task<CampaignPolicy> PolicyAsync(
        Tenant tenant, ChannelId id, CancellationToken cancellationToken)
    {
        CampaignSettings settings = tenant.Settings.Campaigns;
        Channel? channel = await channels.FindAsync(id, cancellationToken);
        double? perSecond = channel is not null && _providers.TryGetValue(channel.Kind, out IProvider? provider)
            ? pacing.PerSecond(provider.Pace)
            : null;
        return new CampaignPolicy(
            QuietHours.Of(settings.QuietFrom, settings.QuietUntil, tenant.TimeZone),
            (int)Math.Clamp(perSecond ?? DefaultPerSecond, 1, MostPerSecond),
            string.IsNullOrWhiteSpace(settings.ConsentField) ? null : settings.ConsentField);
    }
}
