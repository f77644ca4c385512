using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Vellarys.Assistant;

/// <summary>
/// Single calls of the model: what all instances know of its circuit, then the quota they share, then this process's
/// breaker around the time-out.
/// </summary>
internal sealed class ModelCalls
{
    public const string Busy = "model_429";

    private readonly IModel _model;
    private readonly AssistantOptions _options;
    private readonly ModelQuota _quota;
    private readonly ISharedCircuit _shared;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private long _sharedOpenUntil;

    public ModelCalls(
        IModel model, AssistantOptions options, ModelQuota quota, ISharedCircuit shared, TimeProvider time,
        ILogger logger)
    {
        (_model, _options, _quota, _shared, _time, _logger) = (model, options, quota, shared, time, logger);
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(Breaker())
            .AddTimeout(options.AttemptTimeout)
            .Build();
    }

    public CircuitState State => _state.CircuitState switch
    {
        Polly.CircuitBreaker.CircuitState.HalfOpen => CircuitState.HalfOpen,
        Polly.CircuitBreaker.CircuitState.Closed =>
            _time.GetUtcNow().Ticks < Volatile.Read(ref _sharedOpenUntil) ? CircuitState.Open : CircuitState.Closed,
        _ => CircuitState.Open,
    };

    /// <param name="started">Called when the model is really asked.</param>
    /// <exception cref="BrokenCircuitException">Here or elsewhere.</exception>
    public async ValueTask<ModelReply> AskAsync(
        ModelRequest request, Action started, CancellationToken cancellationToken)
    {
        SharedCircuit shared = await _shared.LookAsync(_options.Deployment, ProbeTime, cancellationToken);
        Volatile.Write(ref _sharedOpenUntil, (_time.GetUtcNow() + shared.Rest).Ticks);
        return shared.State switch
        {
            SharedCircuitState.Open => throw new BrokenCircuitException(),
            SharedCircuitState.Probe => await ProbeAsync(request, started, cancellationToken),
            _ => await CallAsync(request, started, cancellationToken),
        };
    }

    private TimeSpan ProbeTime => _options.AttemptTimeout + _options.RetryAfterLimit + TimeSpan.FromSeconds(5);

    private async ValueTask<ModelReply> ProbeAsync(
        ModelRequest request, Action started, CancellationToken cancellationToken)
    {
        Log.CircuitProbing(_logger);
        bool settled = false;
        try
        {
            ModelReply reply = await CallAsync(request, started, cancellationToken);
            settled = true;
            await _shared.ClosedAsync(_options.Deployment, CancellationToken.None);
            return reply;
        }
        catch (Exception e) when (IsFailure(e))
        {
            settled = true;
            await _shared.OpenedAsync(_options.Deployment, _options.BreakerRest, CancellationToken.None);
            throw;
        }
        catch (Exception e) when (e is PermanentFault or TransientFault { Code: Busy })
        {
            // It answers; it is this request that it refuses, or not now.
            settled = true;
            await _shared.ClosedAsync(_options.Deployment, CancellationToken.None);
            throw;
        }
        finally
        {
            if (!settled) await _shared.ReleaseAsync(_options.Deployment, CancellationToken.None);
        }
    }

    private async ValueTask<ModelReply> CallAsync(
        ModelRequest request, Action started, CancellationToken cancellationToken)
    {
        // What an open circuit refuses, or lets through as its one probe, takes from nobody.
        bool counts = _state.CircuitState == Polly.CircuitBreaker.CircuitState.Closed;
        int tokens = counts ? await _quota.EnterAsync(request, cancellationToken) : 0;
        try
        {
            ModelReply reply = await _pipeline.ExecuteAsync(
                static async (state, token) =>
                {
                    state.started();
                    return await state._model.CompleteAsync(state.request, token);
                },
                (_model, request, started),
                cancellationToken);
            await _quota.UsedAsync(tokens, reply, CancellationToken.None);
            return reply;
        }
        catch (TransientFault e) when (e.Code == Busy)
        {
            await _quota.RefusedAsync(e.RetryAfter, CancellationToken.None);
            throw;
        }
    }

    /// <summary>A model that says 429 works, and one that was not asked for want of quota has not failed.</summary>
    private static bool IsFailure(Exception? e) => e switch
    {
        TransientFault { Code: Busy or ModelQuota.Code } => false,
        TransientFault or TimeoutRejectedException => true,
        // A wrong key or model name, or an unpaid bill, fails every call alike; a bad request is that request's own.
        PermanentFault { Code: "model_401" or "model_403" or "model_404" or "model_unpaid" } => true,
        _ => false,
    };

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        // Only an unbroken row of failures opens it: consecutive counting would trip on a busy day's stray errors.
        FailureRatio = 1.0,
        MinimumThroughput = _options.BreakerFailures,
        SamplingDuration = _options.BreakerWindow,
        BreakDuration = _options.BreakerRest,
        StateProvider = _state,
        ShouldHandle = args => ValueTask.FromResult(IsFailure(args.Outcome.Exception)),
        OnOpened = args =>
        {
            Log.CircuitOpened(_logger, _options.BreakerRest);
            return _shared.OpenedAsync(_options.Deployment, _options.BreakerRest, args.Context.CancellationToken);
        },
        OnHalfOpened = _ =>
        {
            Log.CircuitProbing(_logger);
            return ValueTask.CompletedTask;
        },
        OnClosed = args =>
        {
            Log.CircuitClosed(_logger);
            return _shared.ClosedAsync(_options.Deployment, args.Context.CancellationToken);
        },
    };
}
