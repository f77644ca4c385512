using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Vellarys.Assistant;

/// <summary>
/// A model with patience: retry around breaker around timeout. The breaker counts single calls, so a turn that meets an
/// opening circuit stops retrying and is answered offline at once.
/// </summary>
internal sealed class ResilientModel : IModelHealth
{
    private static readonly ResiliencePropertyKey<int> CallsKey = new("calls");

    private readonly IModel? _inner;
    private readonly AssistantOptions _options;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;

    /// <param name="inner">Null without a key: every turn is answered offline.</param>
    public ResilientModel(IModel? inner, AssistantOptions options, TimeProvider time, ILogger<ResilientModel> logger)
    {
        _inner = inner;
        _options = options;
        ResiliencePipelineBuilder builder = new() { TimeProvider = time };
        if (options.Retries > 0) builder.AddRetry(Retry(options));
        _pipeline = builder
            .AddCircuitBreaker(Breaker(options, _state, logger))
            .AddTimeout(options.AttemptTimeout)
            .Build();
    }

    public ModelHealth Current => new(_inner is not null, State, _options.Model);

    private CircuitState State => _state.CircuitState switch
    {
        Polly.CircuitBreaker.CircuitState.Closed => CircuitState.Closed,
        Polly.CircuitBreaker.CircuitState.HalfOpen => CircuitState.HalfOpen,
        _ => CircuitState.Open,
    };

    /// <summary>Never throws for what the model does; only for the caller's cancellation.</summary>
    public async Task<ModelOutcome> AskAsync(ModelRequest request, CancellationToken cancellationToken)
    {
        if (_inner is null) return new ModelOutcome.Unavailable(ModelOutcome.NoModel, 0);
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            ModelReply reply = await _pipeline.ExecuteAsync(
                static async (context, state) =>
                {
                    context.Properties.Set(CallsKey, Calls(context) + 1);
                    return await state._inner.CompleteAsync(state.request, context.CancellationToken);
                },
                context,
                (_inner, request));
            return new ModelOutcome.Answered(reply, Calls(context));
        }
        catch (BrokenCircuitException)
        {
            return new ModelOutcome.Unavailable("circuit_open", Calls(context));
        }
        catch (TimeoutRejectedException)
        {
            return new ModelOutcome.Failed("model_timeout", null, Calls(context));
        }
        catch (TransientFault e)
        {
            return new ModelOutcome.Failed(e.Code, e.RetryAfter, Calls(context));
        }
        catch (PermanentFault e)
        {
            return new ModelOutcome.Unavailable(e.Code, Calls(context));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static int Calls(ResilienceContext context) => context.Properties.GetValue(CallsKey, 0);

    private static RetryStrategyOptions Retry(AssistantOptions options) => new()
    {
        MaxRetryAttempts = options.Retries,
        Delay = options.RetryDelay,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        // A model that asks for more patience than a turn has is left alone; the queue retries after that time.
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception switch
        {
            TransientFault fault => fault.RetryAfter is not { } wait || wait <= options.RetryAfterLimit,
            TimeoutRejectedException => true,
            _ => false,
        }),
        DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as TransientFault)?.RetryAfter),
    };

    private static CircuitBreakerStrategyOptions Breaker(
        AssistantOptions options, CircuitBreakerStateProvider state, ILogger logger) => new()
        {
            // Only an unbroken row of failures opens it: consecutive counting would trip on a busy day's stray errors.
            FailureRatio = 1.0,
            MinimumThroughput = options.BreakerFailures,
            SamplingDuration = options.BreakerWindow,
            BreakDuration = options.BreakerRest,
            StateProvider = state,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception switch
            {
                TransientFault or TimeoutRejectedException => true,
                // A wrong key or model name fails every call alike; a bad request is that request's own.
                PermanentFault { Code: "model_401" or "model_403" or "model_404" } => true,
                _ => false,
            }),
            OnOpened = _ => Logged(() => Log.CircuitOpened(logger, options.BreakerRest)),
            OnHalfOpened = _ => Logged(() => Log.CircuitProbing(logger)),
            OnClosed = _ => Logged(() => Log.CircuitClosed(logger)),
        };

    private static ValueTask Logged(Action log)
    {
        log();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What came of asking the model.</summary>
internal abstract record ModelOutcome(int Calls)
{
    public const string NoModel = "no_model";

    /// <summary>It answered.</summary>
    internal sealed record Answered(ModelReply Reply, int Calls) : ModelOutcome(Calls);

    /// <summary>It failed, and may work in a moment.</summary>
    internal sealed record Failed(string Code, TimeSpan? RetryAfter, int Calls) : ModelOutcome(Calls);

    /// <summary>Asking again soon is no use: no model, open circuit, refused request.</summary>
    internal sealed record Unavailable(string Code, int Calls) : ModelOutcome(Calls);
}
