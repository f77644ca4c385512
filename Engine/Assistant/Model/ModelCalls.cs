using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Vellarys.Assistant.Model;

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
    private readonly ModelBreaker _breaker;
    private readonly ResiliencePipeline _timeout;
    private long _sharedOpenUntil;

    public ModelCalls(
        IModel model, AssistantOptions options, ModelQuota quota, ISharedCircuit shared, TimeProvider time,
        ILogger logger)
    {
        (_model, _options, _quota, _shared, _time, _logger) = (model, options, quota, shared, time, logger);
        _breaker = new ModelBreaker(options, time);
        _timeout = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(options.AttemptTimeout).Build();
    }

    public CircuitState State => _breaker.State switch
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
        Volatile.Write(ref _sharedOpenUntil, (_time.GetUtcNow() + shared.BreakDuration).Ticks);
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
        catch (Exception e) when (ModelFaults.IsOutage(e))
        {
            settled = true;
            await _shared.OpenedAsync(_options.Deployment, _options.BreakerRest, CancellationToken.None);
            throw;
        }
        catch (Exception e) when (
            e is PermanentFault or TransientFault { Code: Busy } || ModelFaults.IsUnusable(e))
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
        bool probe = _breaker.Enter();
        bool settled = false;
        try
        {
            if (probe) Log.CircuitProbing(_logger);
            // What an open circuit lets through as its one probe takes from nobody.
            int tokens = probe ? 0 : await _quota.EnterAsync(request, cancellationToken);
            ModelReply reply = await _timeout.ExecuteAsync(
                static async (state, token) =>
                {
                    state.started();
                    return await state._model.CompleteAsync(state.request, token);
                },
                (_model, request, started),
                cancellationToken);
            settled = true;
            await AnsweredAsync(probe);
            await _quota.UsedAsync(tokens, reply, CancellationToken.None);
            return reply;
        }
        catch (Exception e) when (ModelFaults.IsOutage(e))
        {
            settled = true;
            await FailedAsync(probe, request.Conversation);
            throw;
        }
        catch (TransientFault e) when (e.Code == Busy)
        {
            settled = true;
            await AnsweredAsync(probe);
            await _quota.RefusedAsync(e.RetryAfter, CancellationToken.None);
            throw;
        }
        catch (Exception e) when (e is PermanentFault || ModelFaults.IsUnusable(e))
        {
            // It answers; it is this request that it cannot do anything with.
            settled = true;
            await AnsweredAsync(probe);
            throw;
        }
        finally
        {
            if (!settled) _breaker.Left(probe);
        }
    }

    private async ValueTask AnsweredAsync(bool probe)
    {
        if (!_breaker.Succeeded(probe)) return;
        Log.CircuitClosed(_logger);
        await _shared.ClosedAsync(_options.Deployment, CancellationToken.None);
    }

    private async ValueTask FailedAsync(bool probe, ConversationId? who)
    {
        if (!_breaker.Failed(probe, who)) return;
        Log.CircuitOpened(_logger, _options.BreakerRest);
        await _shared.OpenedAsync(_options.Deployment, _options.BreakerRest, CancellationToken.None);
    }
}
