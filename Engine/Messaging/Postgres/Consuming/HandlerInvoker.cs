using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>Calls the handler and turns what comes of it into a settlement.</summary>
internal sealed class HandlerInvoker(IMessageHandler handler, QueueOptions options, TimeProvider time, ILogger logger)
{
    private const double PrefetchMs = 10;
    private const double Smoothing = 0.05;

    // Slow until proved quick: nothing is leased ahead for handlers that nobody has timed.
    private double _averageMs = 1000;

    /// <summary>Cancelled handlers are not to blame: their messages go back without a counted attempt.</summary>
    public bool IsStopping { get; set; }

    /// <summary>How many messages handlers will start within <see cref="PrefetchMs"/>.</summary>
    public int Prefetch =>
        (int)Math.Min(options.MaxPrefetch, options.MaxConcurrency * PrefetchMs / Math.Max(_averageMs, 0.001));

    /// <summary>Never throws; null when the message is settled already.</summary>
    public async ValueTask<Completion?> RunAsync(LeasedMessage delivery)
    {
        using Activity? activity = HandlerActivity.Start(delivery.Message);
        long start = time.GetTimestamp();
        try
        {
            await handler.HandleAsync(delivery, delivery.Start(start));
            return delivery.IsSettled ? null : new(delivery, CompletionKind.Complete);
        }
#pragma warning disable CA1031 // The consumer is the handler's host: whatever it throws is the message's failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            if (delivery.IsSettled) return null;
            if (e is OperationCanceledException && delivery.IsTimedOut) return Failed(delivery, Failure.TimedOut, null);
            if (e is OperationCanceledException && IsStopping) return new(delivery, CompletionKind.Defer);
            return Failed(delivery, Failure.Of(e), e);
        }
        finally
        {
            _averageMs += (time.GetElapsedTime(start).TotalMilliseconds - _averageMs) * Smoothing;
        }
    }

    /// <summary>Again after a while, or never again when that is hopeless or the attempts are used up.</summary>
    public Completion Failed(LeasedMessage delivery, Failure failure, Exception? exception)
    {
        (string queue, Guid id, int attempt) = (delivery.Message.Queue, delivery.Message.Id, delivery.Attempt);
        switch (RetryPolicy.Decide(failure, attempt, options, Random.Shared.NextDouble()))
        {
            case RetryDecision.Defer defer:
                return new(delivery, CompletionKind.Defer) { Delay = defer.Delay, Reason = failure.Code };
            case RetryDecision.Again again:
                int delayMs = (int)again.Delay.TotalMilliseconds;
                Log.Failed(logger, queue, id, attempt, failure.Code, delayMs, HandlerActivity.Trace(exception));
                return new(delivery, CompletionKind.Abandon) { Delay = again.Delay, Code = failure.Code };
            default:
                Log.Died(logger, queue, id, attempt, failure.Code, HandlerActivity.Trace(exception));
                return new(delivery, CompletionKind.DeadLetter) { Code = failure.Code, Reason = failure.Reason };
        }
    }
}
