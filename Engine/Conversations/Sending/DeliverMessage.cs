using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.Stops;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Messaging;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending;

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

    private readonly Batcher<DeliveryDue, ClaimResult> _claims;
    private readonly Batcher<SendReport, bool> _settles;
    private readonly DeliverMessageStore _store;
    private readonly IChannelDirectory _directory;
    private readonly Dictionary<string, IProvider> _channels;
    private readonly ITenantDirectory _tenants;
    private readonly SendPacing _pacing;
    private readonly ChannelStops _stops;
    private readonly TellOfFailure _tell;
    private readonly ComposeMessage _compose;
    private readonly IRealtime _realtime;
    private readonly ICrashPoints _crashPoints;
    private readonly TimeProvider _time;

    public DeliverMessage(
        DeliverMessageStore store, IChannelDirectory directory, IEnumerable<IProvider> providers,
        ITenantDirectory tenants, SendPacing pacing, ChannelStops stops, TellOfFailure tell, ComposeMessage compose,
        IRealtime realtime, ICrashPoints crashPoints, TimeProvider time)
    {
        _claims = new Batcher<DeliveryDue, ClaimResult>(
            MaxSet, 1, store.ClaimAsync, TransientErrors.HitsEveryItem, due => due.Tenant);
        _settles = new Batcher<SendReport, bool>(
            MaxSet, 1, store.SettleAsync, TransientErrors.HitsEveryItem, report => report.Due.Tenant);
        _store = store;
        _directory = directory;
        _channels = providers.ToDictionary(c => c.Kind);
        _tenants = tenants;
        _pacing = pacing;
        _stops = stops;
        _tell = tell;
        _compose = compose;
        _realtime = realtime;
        _crashPoints = crashPoints;
        _time = time;
    }

    public string Queue => Queues.MessageDelivery;

    /// <summary>Ends once the message is settled; defers it while something has to come first.</summary>
    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        DeliveryDue due = QueueBody.Read(received, BodiesJson.Default.DeliveryDue, b => b.V);
        try
        {
            ClaimResult state = await _claims.AddAsync(due);
            if (state is ClaimResult.Claimed claimed)
                await SendAsync(received, due, claimed, cancellationToken);
            else if (state is ClaimResult.Waiting)
                await ResumeAsync(received, due, cancellationToken);
            else if (state is ClaimResult.Untold)
                await _tell.RunAsync(due);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task SendAsync(
        ReceivedMessage received, DeliveryDue due, ClaimResult.Claimed claimed, CancellationToken cancellationToken)
    {
        Channel? channel = await _directory.FindAsync(new ChannelId(claimed.Channel), cancellationToken);
        if (channel is null || !_channels.TryGetValue(channel.Kind, out IProvider? provider))
        {
            await SettleAsync(received, due, claimed, SendState.Failed, null, "no_channel");
            return;
        }

        if (claimed.To.Length == 0)
        {
            await SettleAsync(received, due, claimed, SendState.Failed, null, "number_given_up");
            return;
        }

        if (claimed.IsTemplate && claimed.Template is null)
        {
            await SettleAsync(received, due, claimed, SendState.Failed, null, "bad_template");
            return;
        }

        if (provider.HasServiceWindow && !claimed.InWindow && !claimed.IsTemplate)
        {
            await SettleAsync(received, due, claimed, SendState.Failed, null, "window_closed");
            return;
        }

        if (!channel.Active)
        {
            await WaitForChannelAsync(received, due, claimed, channel, cancellationToken);
            return;
        }

        (bool isReady, OutboundMessage? message) = await ComposeAsync(due, claimed, provider, cancellationToken);
        if (!isReady)
        {
            await ReturnAsync(received, due, claimed, SendPacing.LeastReturn, "no_file_now", CancellationToken.None);
            return;
        }

        if (message is null)
        {
            await SettleAsync(received, due, claimed, SendState.Failed, null, "cannot_send_kind");
            return;
        }

        if (await _pacing.WaitAsync(provider.Pace, channel.Id, claimed.To, cancellationToken) is { } wait)
        {
            // Also when the host stops: what has not begun is surely not sent, and must not be taken for in doubt.
            await ReturnAsync(received, due, claimed, wait, "paced", CancellationToken.None);
            return;
        }

        using IDisposable? place = await EnterAsync(provider, channel, cancellationToken);
        if (place is null)
        {
            await _pacing.GiveBackAsync(provider.Pace, channel.Id, claimed.To);
            await ReturnAsync(
                received, due, claimed, SendPacing.LeastReturn, "paced", CancellationToken.None);
            return;
        }

        if (await IsOutdatedAsync(due, claimed, cancellationToken))
        {
            await _pacing.GiveBackAsync(provider.Pace, channel.Id, claimed.To);
            await ReturnAsync(received, due, claimed, LeastPredecessorFirst, "the claim is old", cancellationToken);
            return;
        }

        _crashPoints.Reach("deliver:before-send");
        if (claimed.IsResend && !await _store.LeavesAsync(due, claimed.ClaimId))
        {
            await received.DeferAsync(LongestPredecessorFirst, "another worker has it", cancellationToken);
            return;
        }

        SendOutcome outcome = await provider.SendAsync(channel, message, cancellationToken);
        place.Dispose();
        _crashPoints.Reach("deliver:after-send");
        await FinishAsync(received, due, claimed, channel, outcome, cancellationToken);
    }

    /// <summary>Not ready: the database does not say now. Nothing has left, so nothing is in doubt.</summary>
    private async ValueTask<(bool IsReady, OutboundMessage? Message)> ComposeAsync(
        DeliveryDue due, ClaimResult.Claimed claimed, IProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            return (true, await _compose.RunAsync(due, claimed, provider, cancellationToken));
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return (false, null);
        }
    }

    private async ValueTask<IDisposable?> EnterAsync(
        IProvider provider, Channel channel, CancellationToken cancellationToken)
    {
        try
        {
            return await _pacing.EnterAsync(provider.Pace, channel.Id, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Back to pending first: whatever the look at the channel does, this was surely not sent.</summary>
    private async Task WaitForChannelAsync(
        ReceivedMessage received, DeliveryDue due, ClaimResult.Claimed claimed, Channel channel,
        CancellationToken cancellationToken)
    {
        const string reason = "channel_stopped";
        if (claimed.IsOld)
        {
            await SettleAsync(received, due, claimed, SendState.Failed, null, reason);
            return;
        }

        await ReportAsync(
            new SendReport(due, claimed.ClaimId, SendState.Pending, null, reason, null), cancellationToken);
        await received.DeferAsync(await _stops.LookAsync(channel, cancellationToken), reason, cancellationToken);
    }

    private async Task RefusedAsync(
        ReceivedMessage received, DeliveryDue due, ClaimResult.Claimed claimed, Channel channel, string code,
        CancellationToken cancellationToken)
    {
        TimeSpan age = AgeOf(received);
        if (age > OwnFaultAfter && claimed.PastReason == code && !channel.InDoubt)
        {
            // Refused again, and others went out in between: it is this message that the account may not send.
            await SettleAsync(received, due, claimed, SendState.Failed, null, "provider:" + code);
            return;
        }

        await ReportAsync(new SendReport(due, claimed.ClaimId, SendState.Pending, null, code, null), cancellationToken);
        TimeSpan wait = await _stops.RefusedAsync(channel, code, claimed.At, isProven: true);
        TimeSpan back = BackOff.For(age);
        await received.DeferAsync(back > wait ? back : wait, code, cancellationToken);
    }

    private async Task FinishAsync(
        ReceivedMessage received, DeliveryDue due, ClaimResult.Claimed claimed, Channel channel, SendOutcome outcome,
        CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case SendOutcome.Sent sent:
                await SettleAsync(received, due, claimed, SendState.Sent, sent.ProviderMessageId, null);
                if (channel.InDoubt) await _stops.WorksAsync(channel);
                break;
            case SendOutcome.Refused { StopsChannel: true } refused when !claimed.IsOld:
                await RefusedAsync(received, due, claimed, channel, refused.Code, cancellationToken);
                break;
            case SendOutcome.Refused refused:
                await SettleAsync(received, due, claimed, SendState.Failed, null, "provider:" + refused.Code);
                break;
            case SendOutcome.NotNow notNow when claimed.IsOld:
                await SettleAsync(received, due, claimed, SendState.Failed, null, "provider:" + notNow.Code);
                break;
            case SendOutcome.NotNow notNow:
                TimeSpan wait = notNow.RetryAfter ?? BackOff.For(AgeOf(received));
                await ReturnAsync(received, due, claimed, wait, notNow.Code, cancellationToken);
                if (notNow.DoubtsAccount)
                    await _stops.RefusedAsync(channel, notNow.Code, claimed.At, isProven: false);
                break;
            case SendOutcome.Uncertain uncertain:
                string reason = (uncertain.Answered ? "answered:" : "silent:") + uncertain.Code;
                await ReportAsync(
                    new SendReport(due, claimed.ClaimId, SendState.Unknown, null, reason, null), cancellationToken);
                await received.DeferAsync(await WaitAsync(due, cancellationToken), reason, cancellationToken);
                break;
        }
    }

    private async Task SettleAsync(
        ReceivedMessage received, DeliveryDue due, ClaimResult.Claimed claimed, SendState state, string? providerId,
        string? reason)
    {
        var report = new SendReport(due, claimed.ClaimId, state, providerId, reason, received);
        await ReportAsync(report, CancellationToken.None);
        _realtime.Publish(new RealtimeEvent(
            new TenantId(due.Tenant), new ConversationId(claimed.Conversation), "delivery"));
        if (state == SendState.Failed) await _tell.RunAsync(due);
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
            catch (NpgsqlException e) when (attempt < MaxReports && TransientErrors.HitsEveryItem(e))
            {
                await Task.Delay(BackOff.For(attempt), TimeProvider.System, cancellationToken);
            }
        }
    }

    /// <summary>Surely not sent: back to pending, and the queue hands it out again.</summary>
    private async Task ReturnAsync(
        ReceivedMessage received, DeliveryDue due, ClaimResult.Claimed claimed, TimeSpan wait, string reason,
        CancellationToken cancellationToken)
    {
        var report = new SendReport(due, claimed.ClaimId, SendState.Pending, null, reason, null);
        await ReportAsync(report, cancellationToken);
        await received.DeferAsync(wait, reason, cancellationToken);
    }

    private async Task ResumeAsync(ReceivedMessage received, DeliveryDue due, CancellationToken cancellationToken)
    {
        TimeSpan wait = await WaitAsync(due, cancellationToken);
        (SendState? state, TimeSpan left, bool untold) = await _store.ResumeAsync(due, wait);
        switch (state)
        {
            case SendState.Pending:
                await received.DeferAsync(
                    PredecessorFirst(received), "an earlier message comes first", cancellationToken);
                break;
            case SendState.Unknown:
                // Half a second more, so that the wait is over by the database's clock as well.
                await received.DeferAsync(left + TimeSpan.FromMilliseconds(500), "unknown", cancellationToken);
                break;
            case SendState.Failed when untold:
                await _tell.RunAsync(due);
                break;
        }
    }

    /// <summary>
    /// Half as long again as it has waited so far: quick behind a send of a moment, a few looks behind a paced one.
    /// </summary>
    private TimeSpan PredecessorFirst(ReceivedMessage received)
    {
        TimeSpan wait = AgeOf(received) / 2;
        return wait < LeastPredecessorFirst ? LeastPredecessorFirst
            : wait > LongestPredecessorFirst ? LongestPredecessorFirst
            : wait;
    }

    /// <summary>
    /// A process that stood still may have been given up meanwhile, its message sent again and the next ones too: what
    /// it still sends then comes behind them. Half of the wait for an outcome is for the send itself.
    /// </summary>
    private async ValueTask<bool> IsOutdatedAsync(
        DeliveryDue due, ClaimResult.Claimed claimed, CancellationToken cancellationToken)
    {
        TimeSpan age = _time.GetElapsedTime(claimed.AskedAt);
        return age > LeastClaim && age > await WaitAsync(due, cancellationToken) / 2;
    }
    private TimeSpan AgeOf(ReceivedMessage received) => _time.GetUtcNow() - Ids.TimeOf(received.Message.Id);

    private async ValueTask<TimeSpan> WaitAsync(DeliveryDue due, CancellationToken cancellationToken)
    {
        Tenant? tenant = await _tenants.FindAsync(new TenantId(due.Tenant), cancellationToken);
        return TimeSpan.FromMilliseconds((tenant?.Settings ?? new TenantSettings()).UnknownSendWaitMs);
    }
}
