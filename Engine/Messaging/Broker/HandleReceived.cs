using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vellarys.Messaging.Postgres.Consuming;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// Runs the handler of a received message and settles it: what was done is completed, what failed is sent anew with
/// back-off until its attempts run out, what is hopeless becomes a dead letter. Settling comes after the handler's
/// commit and after the relay of what that commit left, so a crash in between repeats work and loses none.
/// </summary>
public sealed class HandleReceived(
    MessagingOptions options, IBroker broker, RelayOutbox relay, QueueMetrics metrics, StuckHandlers stuck,
    TimeProvider time, ILogger<HandleReceived> logger)
{
    private const int PatientCopies = 8;

    // A broker's timer is coarse and a sending has its price: moments are sat out under the lock. No longer, because
    // the message keeps one of the host's calls from everybody else.
    private static readonly TimeSpan LongestWaitInPlace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan AfterFailedSending = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestWidening = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWidening = TimeSpan.FromMilliseconds(250);

    /// <param name="cancellationToken">The host stops: the message goes back.</param>
    public async Task RunAsync(
        ILockedMessage received, IMessageHandler handler, CancellationToken cancellationToken)
    {
        BrokerMessage content = received.Content;
        QueueOptions queue = options.For(content.Message.Queue);
        using Activity? activity = HandlerActivity.Start(content.Message);
        try
        {
            await SettleAsync(received, await RunHandlerAsync(content, handler, queue, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await received.AbandonAsync(CancellationToken.None);
        }
        catch (TransientFault e)
        {
            // The broker did not take the next copy: this one comes again. Not at once, because it counts how often.
            Log.SettleFailed(logger, content.Message.Queue, content.Message.Id, e.Code);
            await Task.Delay(AfterFailedSending, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await received.AbandonAsync(CancellationToken.None);
        }
    }

    private async Task<Verdict> RunHandlerAsync(
        BrokerMessage content, IMessageHandler handler, QueueOptions queue, CancellationToken stop)
    {
        TimeSpan here = TimeSpan.Zero;
        for (TimeSpan pause = TimeSpan.Zero; ; here += pause)
        {
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, stop);
            stop.ThrowIfCancellationRequested();
            Verdict verdict = await RunOnceAsync(content, handler, queue, stop);
            await relay.TryRunAsync(stop);
            if (verdict is not Verdict.PutOff { Failure: null } off) return verdict;
            // Whoever asks again and again is asked to wait longer each time.
            pause = TimeSpan.FromTicks(Math.Max(Math.Max(off.Delay.Ticks, 2 * pause.Ticks), LeastPause.Ticks));
            bool isSatOut = content.Copy == 0 && here + pause <= LongestWaitInPlace;
            // What comes first may come any moment, however many copies an outage has cost: its handler says how long.
            if (!isSatOut) pause = Widened(off.Delay, off.IsForOthers ? 0 : content.Copy);
            if (off.IsForOthers) content = content with { Waited = content.Waited + pause };
            if (!isSatOut) return off with { Delay = pause, Waited = content.Waited };
        }
    }

    private async Task<Verdict> RunOnceAsync(
        BrokerMessage content, IMessageHandler handler, QueueOptions queue, CancellationToken stop)
    {
        if (stuck.Holds(content.Message)) return Failed(content, queue, Failure.StillRunning, null);
        BrokerReceivedMessage delivery = new(content.Message, content.Attempt, queue.MaxAttempts)
        {
            Waited = content.Waited,
        };
        using CancellationTokenSource limit = new(queue.HandlerTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        // On a thread of its own until its first await: one that never comes there must not keep this one.
        Task run = Task.Run(() => handler.HandleAsync(delivery, either.Token), CancellationToken.None);
        try
        {
            await run.WaitAsync(queue.HandlerTimeout + LeaseWatch.Patience, time, CancellationToken.None);
            return delivery switch
            {
                { Deferred: { } delay } => new Verdict.PutOff(delay, null, content.Waited, delivery.IsForOthers),
                { Refused: { } refused } => new Verdict.Dead(refused.Code, refused.Reason),
                _ => new Verdict.Done(),
            };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException) when (!run.IsCompleted)
        {
            GiveUp(content.Message, run);
            return Failed(content, queue, Failure.TimedOut, null);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            stuck.TimedOut(content.Message.Queue);
            return Failed(content, queue, Failure.TimedOut, null);
        }
#pragma warning disable CA1031 // This is the handler's host: whatever it throws is the message's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error);
            return Failed(content, queue, Failure.Of(e), e);
        }
    }

    private void GiveUp(QueueMessage message, Task run)
    {
        stuck.TimedOut(message.Queue);
        Log.Stuck(logger, message.Queue, message.Id);
        stuck.Add(message);
        run.ContinueWith(
            _ => stuck.Remove(message), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private Verdict Failed(BrokerMessage content, QueueOptions queue, Failure failure, Exception? exception)
    {
        (string name, Guid id, int attempt) = (content.Message.Queue, content.Message.Id, content.Attempt);
        switch (RetryPolicy.Decide(failure, attempt, queue, Random.Shared.NextDouble()))
        {
            case RetryDecision.Defer defer:
                return new Verdict.PutOff(Widened(defer.Delay, content.Copy), failure, content.Waited);
            case RetryDecision.Again again:
                int delayMs = (int)again.Delay.TotalMilliseconds;
                Log.Failed(logger, name, id, attempt, failure.Code, delayMs, HandlerActivity.Trace(exception));
                return new Verdict.Retry(again.Delay, failure.Code);
            default:
                Log.Died(logger, name, id, attempt, failure.Code, HandlerActivity.Trace(exception));
                return new Verdict.Dead(failure.Code, failure.Reason);
        }
    }

    private async Task SettleAsync(ILockedMessage received, Verdict verdict)
    {
        BrokerMessage content = received.Content;
        switch (verdict)
        {
            case Verdict.PutOff off:
                await SendAsync(content.Again(time.GetUtcNow() + off.Delay) with { Waited = off.Waited });
                break;
            case Verdict.Retry retry:
                BrokerMessage next = content.Again(time.GetUtcNow() + retry.Delay);
                await SendAsync(next with { Attempt = content.Attempt + 1, History = History(content, retry.Code) });
                break;
            case Verdict.Dead dead:
                await received.DeadLetterAsync(
                    dead.Code, dead.Reason, History(content, dead.Code), CancellationToken.None);
                metrics.Ended(content.Message.Queue, 0, 1);
                return;
            default:
                metrics.Ended(content.Message.Queue, 1, 0);
                break;
        }

        await received.CompleteAsync(CancellationToken.None);
    }

    private Task SendAsync(BrokerMessage message) =>
        broker.SendAsync(message.Entity, [message], CancellationToken.None);

    private string History(BrokerMessage content, string code)
    {
        JsonArray history = content.History is null ? [] : JsonNode.Parse(content.History)!.AsArray();
        history.Add(new JsonObject
        {
            ["attempt"] = content.Attempt, ["at"] = JsonValue.Create(time.GetUtcNow()), ["code"] = code,
        });
        return history.ToJsonString();
    }

    private static TimeSpan Widened(TimeSpan delay, int copy)
    {
        TimeSpan least = RetryPolicy.Ceiling(copy - PatientCopies, FirstWidening, LongestWidening);
        return delay > least ? delay : least;
    }

    private abstract record Verdict
    {
        internal sealed record Done : Verdict;

        internal sealed record PutOff(
            TimeSpan Delay, Failure? Failure, TimeSpan Waited, bool IsForOthers = false) : Verdict;

        internal sealed record Retry(TimeSpan Delay, string Code) : Verdict;

        internal sealed record Dead(string Code, string Reason) : Verdict;
    }
}
