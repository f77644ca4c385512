using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Vellarys.Assistant.Model;

/// <summary>
/// A model with patience: retry around single calls. The breaker counts single calls, so a turn that meets an opening
/// circuit stops retrying and is answered offline at once.
/// </summary>
internal sealed class ResilientModel : IModelHealth
{
    // What a question costs that only itself makes fail.
    private const int MaxCalls = 3;

    private static readonly TimeSpan LeastRetryAfter = TimeSpan.FromSeconds(1);

    private readonly AssistantOptions _options;
    private readonly ModelQuota _quota;
    private readonly ModelCalls? _calls;
    private readonly ResiliencePipeline _retry;

    /// <param name="inner">Null without a key: every turn is answered offline.</param>
    public ResilientModel(
        IModel? inner, AssistantOptions options, ModelQuota quota, ISharedCircuit shared, TimeProvider time,
        ILogger<ResilientModel> logger)
    {
        (_options, _quota) = (options, quota);
        _calls = inner is null ? null : new ModelCalls(inner, options, quota, shared, time, logger);
        ResiliencePipelineBuilder builder = new() { TimeProvider = time };
        if (options.Retries > 0) builder.AddRetry(Retry(options));
        _retry = builder.Build();
    }

    public ModelHealth Current => new(_calls is not null, _calls?.State ?? CircuitState.Closed, _options.Model);

    /// <summary>For how long it is known that nobody gets an answer, nor is to be answered offline yet.</summary>
    public TimeSpan RetryAfter =>
        _calls is { State: CircuitState.Closed } && _quota.Left is { Ticks: > 0 } left
            ? ModelQuota.Later(left > LeastRetryAfter ? left : LeastRetryAfter)
            : TimeSpan.Zero;

    /// <summary>Never throws for what the model does; only for the caller's cancellation.</summary>
    public async Task<ModelOutcome> AskAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        if (_calls is null) return new ModelOutcome.Unavailable(ModelOutcome.NoModel, 0);
        int calls = 0;
        try
        {
            ModelReply reply;
            try
            {
                reply = await _retry.ExecuteAsync(
                    async token => await _calls.AskAsync(request, () => calls++, token), cancellationToken);
            }
            catch (TransientFault e) when (ModelFaults.IsUnusable(e) && calls < MaxCalls)
            {
                // Once, and told what is wrong: the same question would have the same answer.
                reply = await _calls.AskAsync(RepairRequest.Of(request, e.Code), () => calls++, cancellationToken);
            }

            return new ModelOutcome.Answered(reply, calls);
        }
        catch (BrokenCircuitException)
        {
            return new ModelOutcome.Unavailable("circuit_open", calls);
        }
        catch (TimeoutRejectedException)
        {
            return new ModelOutcome.Failed(ModelOutcome.Timeout, null, calls);
        }
        catch (TransientFault e) when (e.Code is ModelQuota.Code or ModelCalls.Busy)
        {
            return _quota.IsLasting(e.RetryAfter)
                ? new ModelOutcome.Unavailable(e.Code, calls)
                : new ModelOutcome.OverQuota(e.Code, ModelQuota.ComeBack(e), calls);
        }
        catch (TransientFault e) when (ModelFaults.IsUnusable(e))
        {
            return new ModelOutcome.Unavailable(e.Code, calls);
        }
        catch (TransientFault e)
        {
            return new ModelOutcome.Failed(e.Code, e.RetryAfter, calls);
        }
        catch (PermanentFault e)
        {
            return new ModelOutcome.Unavailable(e.Code, calls);
        }
    }

    private static RetryStrategyOptions Retry(AssistantOptions options) => new()
    {
        MaxRetryAttempts = options.Retries,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        // A model that asks for more patience than a turn has is left alone; the queue retries after that time.
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception switch
        {
            TransientFault { Code: ModelQuota.Code } => false,
            TransientFault fault when ModelFaults.IsUnusable(fault) => false,
            TransientFault fault => fault.RetryAfter is not { } wait || wait <= options.RetryAfterLimit,
            TimeoutRejectedException => true,
            _ => false,
        }),
        DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as TransientFault)?.RetryAfter),
    };
}

/// <summary>What came of asking the model.</summary>
internal abstract record ModelOutcome(int Calls)
{
    public const string NoModel = "no_model";

    /// <summary>It did not answer in time, however often it was asked.</summary>
    public const string Timeout = "model_timeout";

    /// <summary>It answered.</summary>
    internal sealed record Answered(ModelReply Reply, int Calls) : ModelOutcome(Calls);

    /// <summary>It failed, and may work in a moment.</summary>
    internal sealed record Failed(string Code, TimeSpan? RetryAfter, int Calls) : ModelOutcome(Calls);

    /// <summary>It works, but not for us just now: no answer is worth less for that, so the turn waits.</summary>
    internal sealed record OverQuota(string Code, TimeSpan? RetryAfter, int Calls) : ModelOutcome(Calls);

    /// <summary>
    /// Asking again soon is no use: no model, open circuit, lasting want of quota, a request that is refused or has no
    /// usable answer.
    /// </summary>
    internal sealed record Unavailable(string Code, int Calls) : ModelOutcome(Calls);
}
