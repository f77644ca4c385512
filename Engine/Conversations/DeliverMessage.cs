using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.Stops;
using Vellarys.Messaging;
using Vellarys.Operations;
using Vellarys.Storage;

namespace Vellarys.Conversations;

/// <summary>
/// Sends one stored message: claim, send, settle. The claim is the fence against takeovers and against a second worker;
/// a send whose outcome is not known stays <c>unknown</c> until a status webhook or the end of the wait decides.
/// </summary>
public sealed class DeliverMessage : IMessageHandler
{
    private const int MaxSet = 64;
    private const int MaxReports = 12;
    private static readonly TimeSpan LeastPredecessorFirst = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestPredecessorFirst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastClaim = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OwnFaultAfter = TimeSpan.FromMinutes(2);

    private readonly Batcher<DeliveryDue, DeliveryState> _claims;
    private readonly Batcher<SendReport, bool> _settles;
    private readonly DeliverMessageStore _store;
    private readonly IChannelDirectory _directory;
    private readonly Dictionary<string, IChannel> _channels;
    private readonly ITenantDirectory _tenants;
    private readonly SendPacing _pacing;
    private readonly ChannelStops _stops;
    private readonly TellOfFailure _tell;
    private readonly IRealtime _realtime;
    private readonly ICrashPoints _crashPoints;
    private readonly TimeProvider _time;

    public DeliverMessage(
        DeliverMessageStore store, IChannelDirectory directory, IEnumerable<IChannel> channels,
        ITenantDirectory tenants, SendPacing pacing, ChannelStops stops, TellOfFailure tell, IRealtime realtime,
        ICrashPoints crashPoints, TimeProvider time)
    {
        _claims = new Batcher<DeliveryDue, DeliveryState>(
            MaxSet, 1, store.ClaimAsync, StorageFaults.HitEveryItem, due => due.Tenant);
        _settles = new Batcher<SendReport, bool>(
            MaxSet, 1, store.SettleAsync, StorageFaults.HitEveryItem, report => report.Due.Tenant);
        _store = store;
        _directory = directory;
        _channels = channels.ToDictionary(c => c.Kind);
        _tenants = tenants;
        _pacing = pacing;
        _stops = stops;
        _tell = tell;
        _realtime = realtime;
        _crashPoints = crashPoints;
        _time = time;
    }

    public string Queue => Queues.MessageDelivery;

    /// <summary>Ends once the message is settled; defers it while something has to come first.</summary>
    public async Task HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        DeliveryDue due = Bodies.Read(delivery, BodiesJson.Default.DeliveryDue, b => b.V);
        try
        {
            DeliveryState state = await _claims.AddAsync(due);
            if (state is DeliveryState.Claimed claimed)
                await SendAsync(delivery, due, claimed, cancellationToken);
            else if (state is DeliveryState.Waiting)
                await ResumeAsync(delivery, due, cancellationToken);
            else if (state is DeliveryState.Untold)
                await _tell.RunAsync(due);
        }
        catch (NpgsqlException e)
        {
            throw StorageFaults.Translate(e);
        }
    }

    private async Task SendAsync(
        Delivery delivery, DeliveryDue due, DeliveryState.Claimed claimed, CancellationToken cancellationToken)
    {
        ChannelAccount? account = await _directory.FindAsync(new ChannelId(claimed.Channel), cancellationToken);
        if (account is null || !_channels.TryGetValue(account.Kind, out IChannel? channel))
        {
            await SettleAsync(delivery, due, claimed, "failed", null, "no_channel");
            return;
        }

        if (claimed.IsTemplate && claimed.Template is null)
        {
            await SettleAsync(delivery, due, claimed, "failed", null, "bad_template");
            return;
        }

        if (channel.HasServiceWindow && !claimed.InWindow && !claimed.IsTemplate)
        {
            await SettleAsync(delivery, due, claimed, "failed", null, "window_closed");
            return;
        }

        if (!account.Active)
        {
            await WaitForChannelAsync(delivery, due, claimed, account, cancellationToken);
            return;
        }

        if (await _pacing.WaitAsync(channel.Pace, account.Id, claimed.To, cancellationToken) is { } wait)
        {
            // Also when the host stops: what has not begun is surely not sent, and must not be taken for in doubt.
            await ReturnAsync(delivery, due, claimed, wait, "paced", CancellationToken.None);
            return;
        }

        if (await IsOutdatedAsync(due, claimed, cancellationToken))
        {
            await ReturnAsync(delivery, due, claimed, LeastPredecessorFirst, "the claim is old", cancellationToken);
            return;
        }

        _crashPoints.Reach("deliver:before-send");
        if (claimed.IsResend && !await _store.LeavesAsync(due, claimed.ClaimId))
        {
            await delivery.DeferAsync(LongestPredecessorFirst, "another worker has it", cancellationToken);
            return;
        }

        SendOutcome outcome = await channel.SendAsync(
            account,
            new OutboundMessage(new MessageId(due.Message), due.Message, claimed.To, claimed.Text, claimed.Template),
            cancellationToken);
        _crashPoints.Reach("deliver:after-send");
        await FinishAsync(delivery, due, claimed, account, outcome, cancellationToken);
    }

    /// <summary>Back to pending first: whatever the look at the channel does, this was surely not sent.</summary>
    private async Task WaitForChannelAsync(
        Delivery delivery, DeliveryDue due, DeliveryState.Claimed claimed, ChannelAccount account,
        CancellationToken cancellationToken)
    {
        const string reason = "channel_stopped";
        if (claimed.IsOld)
        {
            await SettleAsync(delivery, due, claimed, "failed", null, reason);
            return;
        }

        await ReportAsync(new SendReport(due, claimed.ClaimId, "pending", null, reason, null), cancellationToken);
        await delivery.DeferAsync(await _stops.LookAsync(account, cancellationToken), reason, cancellationToken);
    }

    private async Task RefusedAsync(
        Delivery delivery, DeliveryDue due, DeliveryState.Claimed claimed, ChannelAccount account, string code,
        CancellationToken cancellationToken)
    {
        TimeSpan age = AgeOf(delivery);
        if (age > OwnFaultAfter && claimed.PastReason == code && !account.InDoubt)
        {
            // Refused again, and others went out in between: it is this message that the account may not send.
            await SettleAsync(delivery, due, claimed, "failed", null, "provider:" + code);
            return;
        }

        await ReportAsync(new SendReport(due, claimed.ClaimId, "pending", null, code, null), cancellationToken);
        TimeSpan wait = await _stops.RefusedAsync(account, code, claimed.At, isProven: true);
        TimeSpan back = BackOff.For(age);
        await delivery.DeferAsync(back > wait ? back : wait, code, cancellationToken);
    }

    private async Task FinishAsync(
        Delivery delivery, DeliveryDue due, DeliveryState.Claimed claimed, ChannelAccount account, SendOutcome outcome,
        CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case SendOutcome.Sent sent:
                await SettleAsync(delivery, due, claimed, "sent", sent.ProviderMessageId, null);
                if (account.InDoubt) await _stops.WorksAsync(account);
                break;
            case SendOutcome.Refused { StopsChannel: true } refused when !claimed.IsOld:
                await RefusedAsync(delivery, due, claimed, account, refused.Code, cancellationToken);
                break;
            case SendOutcome.Refused refused:
                await SettleAsync(delivery, due, claimed, "failed", null, "provider:" + refused.Code);
                break;
            case SendOutcome.NotNow notNow when claimed.IsOld:
                await SettleAsync(delivery, due, claimed, "failed", null, "provider:" + notNow.Code);
                break;
            case SendOutcome.NotNow notNow:
                TimeSpan wait = notNow.RetryAfter ?? BackOff.For(AgeOf(delivery));
                await ReturnAsync(delivery, due, claimed, wait, notNow.Code, cancellationToken);
                if (notNow.DoubtsAccount)
                    await _stops.RefusedAsync(account, notNow.Code, claimed.At, isProven: false);
                break;
            case SendOutcome.Uncertain uncertain:
                string reason = (uncertain.Answered ? "answered:" : "silent:") + uncertain.Code;
                await ReportAsync(
                    new SendReport(due, claimed.ClaimId, "unknown", null, reason, null), cancellationToken);
                await delivery.DeferAsync(await WaitAsync(due, cancellationToken), reason, cancellationToken);
                break;
        }
    }

    private async Task SettleAsync(
        Delivery delivery, DeliveryDue due, DeliveryState.Claimed claimed, string state, string? providerId,
        string? reason)
    {
        var report = new SendReport(due, claimed.ClaimId, state, providerId, reason, delivery);
        await ReportAsync(report, CancellationToken.None);
        _realtime.Publish(new RealtimeEvent(
            new TenantId(due.Tenant), new ConversationId(claimed.Conversation), "delivery"));
        if (state == "failed") await _tell.RunAsync(due);
    }

    /// <summary>What the provider said is known only here: a database that is away must not lose it.</summary>
    private async Task ReportAsync(SendReport report, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await _settles.AddAsync(report);
                return;
            }
            catch (NpgsqlException e) when (attempt < MaxReports && StorageFaults.HitEveryItem(e))
            {
                await Task.Delay(BackOff.For(attempt), TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Surely not sent: back to pending, and the queue hands it out again.</summary>
    private async Task ReturnAsync(
        Delivery delivery, DeliveryDue due, DeliveryState.Claimed claimed, TimeSpan wait, string reason,
        CancellationToken cancellationToken)
    {
        var report = new SendReport(due, claimed.ClaimId, "pending", null, reason, null);
        await ReportAsync(report, cancellationToken);
        await delivery.DeferAsync(wait, reason, cancellationToken);
    }

    private async Task ResumeAsync(Delivery delivery, DeliveryDue due, CancellationToken cancellationToken)
    {
        TimeSpan wait = await WaitAsync(due, cancellationToken);
        (string? state, TimeSpan left, bool untold) = await _store.ResumeAsync(due, wait);
        switch (state)
        {
            case "pending":
                await delivery.DeferAsync(
                    PredecessorFirst(delivery), "an earlier message comes first", cancellationToken);
                break;
            case "unknown":
                // Half a second more, so that the wait is over by the database's clock as well.
                await delivery.DeferAsync(left + TimeSpan.FromMilliseconds(500), "unknown", cancellationToken);
                break;
            case "failed" when untold:
                await _tell.RunAsync(due);
                break;
        }
    }

    /// <summary>
    /// Half as long again as it has waited so far: quick behind a send of a moment, a few looks behind a paced one.
    /// </summary>
    private TimeSpan PredecessorFirst(Delivery delivery)
    {
        TimeSpan wait = AgeOf(delivery) / 2;
        return wait < LeastPredecessorFirst ? LeastPredecessorFirst
            : wait > LongestPredecessorFirst ? LongestPredecessorFirst
            : wait;
    }

    /// <summary>
    /// A process that stood still may have been given up meanwhile, its message sent again and the next ones too: what
    /// it still sends then comes behind them. Half of the wait for an outcome is for the send itself.
    /// </summary>
    private async ValueTask<bool> IsOutdatedAsync(
        DeliveryDue due, DeliveryState.Claimed claimed, CancellationToken cancellationToken)
    {
        TimeSpan age = _time.GetElapsedTime(claimed.AskedAt);
        return age > LeastClaim && age > await WaitAsync(due, cancellationToken) / 2;
    }
    private TimeSpan AgeOf(Delivery delivery) => _time.GetUtcNow() - Ids.TimeOf(delivery.Message.Id);

    private async ValueTask<TimeSpan> WaitAsync(DeliveryDue due, CancellationToken cancellationToken)
    {
        Tenant? tenant = await _tenants.FindAsync(new TenantId(due.Tenant), cancellationToken);
        return TimeSpan.FromMilliseconds((tenant?.Settings ?? new TenantSettings()).UnknownSendWaitMs);
    }
}
