using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Vellarys.Functions.Redis;

/// <summary>
/// The one connection of this instance. It is opened beside the start and never waited for: whoever asks meanwhile, or
/// while Redis is slow or gone, is told so at once and goes on without it.
/// </summary>
public sealed class RedisConnection : IHostedService, IAsyncDisposable
{
    private const int ManagedPort = 10_000;
    private const int ConnectRetries = 3;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Below what load balancers on the way drop: Azure's after four minutes, others after one.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    private readonly RedisOptions _options;
    private readonly RedisSignIn? _signIn;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisConnection> _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _breaker;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConnectionMultiplexer? _multiplexer;
    private Task _running = Task.CompletedTask;
    private volatile bool _told;
    private bool _disposed;

    /// <param name="tokens">Null where the connection string says how to get in.</param>
    public RedisConnection(
        RedisOptions options, RedisMetrics metrics, TimeProvider time, ILogger<RedisConnection> logger,
        RedisTokenSource? tokens = null)
    {
        (_options, _metrics, _time, _logger) = (options, metrics, time, logger);
        _signIn = tokens is null ? null : new RedisSignIn(tokens, time, logger);
        _breaker = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(Breaker()).Build();
    }

    /// <summary>Whether instances can hear each other just now.</summary>
    public bool IsUp => _multiplexer is { IsConnected: true } && _state.CircuitState != CircuitState.Open;

    /// <summary>Ends once there was a connection.</summary>
    internal Task First => _first.Task;

    /// <summary>Runs something on every connection, now or once there is one.</summary>
    internal event Func<ISubscriber, Task>? Connected;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(() => ConnectAsync(_end.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _end.CancelAsync();

    /// <summary>
    /// Runs one command. Not answered means that Redis is away, slow or in trouble: the caller has another way.
    /// </summary>
    /// <param name="operation">For the metric of what went another way.</param>
    internal async ValueTask<RedisAnswer<T>> TryAsync<T>(string operation, Func<IDatabase, Task<T>> command)
    {
        if (_multiplexer is { } multiplexer)
        {
            try
            {
                T value = await _breaker.ExecuteAsync(
                    static async (state, token) =>
                        await state.command(state.multiplexer.GetDatabase()).WaitAsync(state.Limit, state.Time, token),
                    (command, multiplexer, Limit: _options.CommandTimeout, Time: _time));
                return new RedisAnswer<T>(true, value);
            }
            catch (Exception e) when (e is BrokenCircuitException || IsTrouble(e))
            {
                // The breaker has counted it, and says it once.
            }
        }

        _metrics.FellBack(operation);
        return default;
    }

    /// <summary>Tells others without waiting; lost while Redis is away.</summary>
    internal void Publish(RedisChannel channel, RedisValue message)
    {
        if (IsUp) _multiplexer!.GetSubscriber().Publish(channel, message, CommandFlags.FireAndForget);
        else _metrics.FellBack("realtime");
    }

    public async ValueTask DisposeAsync()
    {
        // As a singleton and as a hosted service, the container knows it twice.
        if (Interlocked.Exchange(ref _disposed, true)) return;
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_multiplexer is { } multiplexer) await multiplexer.DisposeAsync();
        _end.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        for (bool told = false; ; told = true)
        {
            ConnectionMultiplexer? multiplexer = null;
            try
            {
                if (_signIn is not null) await _signIn.FetchAsync(cancellationToken);
                multiplexer = await ConnectionMultiplexer.ConnectAsync(Configuration());
                if (multiplexer.IsConnected)
                {
                    if (Connected is { } connected) await connected(multiplexer.GetSubscriber());
                    _multiplexer = multiplexer;
                    _first.TrySetResult();
                    Log.Connected(_logger);
                    break;
                }

                if (!told) Log.Away(_logger, "no connection");
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                if (!told) Log.Away(_logger, e.GetType().Name);
            }

            // Nothing is subscribed yet, so it begins anew; once it was there, it comes back by itself.
            if (multiplexer is not null) await multiplexer.DisposeAsync();
            await Task.Delay(ConnectTimeout, _time, cancellationToken);
        }

        if (_signIn is not null) await _signIn.KeepAsync(_multiplexer, cancellationToken);
    }

    internal ConfigurationOptions Configuration()
    {
        ConfigurationOptions options;
        if (_options.ConnectionString.Length > 0)
        {
            options = ConfigurationOptions.Parse(_options.ConnectionString);
        }
        else
        {
            options = new ConfigurationOptions { Ssl = true, Protocol = RedisProtocol.Resp3 };
            if (_options.Host.Contains(':', StringComparison.Ordinal)) options.EndPoints.Add(_options.Host);
            else options.EndPoints.Add(new DnsEndPoint(_options.Host, ManagedPort));
        }

        if (_signIn is not null) options.Defaults = _signIn;
        options.AbortOnConnectFail = false;
        options.ConnectRetry = ConnectRetries;
        options.ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds;
        options.SyncTimeout = (int)ConnectTimeout.TotalMilliseconds;
        options.KeepAlive = (int)KeepAlive.TotalSeconds;
        options.AsyncTimeout = (int)Math.Max(1_000, 2 * _options.CommandTimeout.TotalMilliseconds);
        options.ReconnectRetryPolicy = new ExponentialRetry(250, 5_000);
        // What cannot be sent now is no use later.
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.IncludeDetailInExceptions = false;
        options.ClientName = "vellarys";
        return options;
    }

    // Commands that were under way when the connection broke end as cancelled, though nobody here cancels any.
    private static bool IsTrouble(Exception e) =>
        e is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException;

    private CircuitBreakerStrategyOptions Breaker() => new()
    {
        // A short look back: the thousands that went well before must not outvote the seconds that go badly.
        FailureRatio = 0.5,
        MinimumThroughput = 3,
        SamplingDuration = TimeSpan.FromSeconds(2),
        BreakDuration = _options.Rest,
        StateProvider = _state,
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e && IsTrouble(e)),
        OnOpened = args =>
        {
            // A probe that fails is no news.
            if (!args.IsManual && !_told) Log.Away(_logger, args.Outcome.Exception?.GetType().Name ?? "slow");
            _told = true;
            return ValueTask.CompletedTask;
        },
        OnClosed = _ =>
        {
            _told = false;
            Log.Back(_logger);
            return ValueTask.CompletedTask;
        },
    };
}

/// <summary>What came of a command.</summary>
internal readonly record struct RedisAnswer<T>(bool Answered, T? Value);
