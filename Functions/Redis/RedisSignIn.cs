using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Signs every connection in with a token: new ones at their handshake, open ones again before the token ends, because
/// the server cuts them off then.
/// </summary>
internal sealed class RedisSignIn(RedisTokenSource source, TimeProvider time, ILogger logger) : DefaultOptionsProvider
{
    // A token lives an hour or more; a failed try leaves time for many others.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);

    private volatile RedisToken? _token;

    public override string? User => _token?.User;

    public override string? Password => _token?.Password;

    public async Task FetchAsync(CancellationToken cancellationToken) => _token = await source(cancellationToken);

    /// <summary>Runs as long as the connection lives, whatever goes wrong.</summary>
    public async Task KeepAsync(IConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        bool hasFailed = false;
        while (true)
        {
            TimeSpan wait = hasFailed ? Least : (_token?.ExpiresAt ?? default) - Ahead - time.GetUtcNow();
            await Task.Delay(wait > Least ? wait : Least, time, cancellationToken);
            // The old token still holds; a new one that a server did not take says nothing about that connection's end.
            hasFailed = !await TryAsync(multiplexer, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(IConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        bool isDone = await AttemptAsync(() => FetchAsync(cancellationToken), cancellationToken);
        if (!isDone) return false;
        foreach (IServer server in multiplexer.GetServers())
        {
            // One that does not answer must not keep the others from their token.
            if (server.IsConnected)
                isDone &= await AttemptAsync(() => server.ExecuteAsync("AUTH", [User!, Password!]), cancellationToken);
        }

        if (isDone) Log.SignedIn(logger);
        return isDone;
    }

    private async Task<bool> AttemptAsync(Func<Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step();
            return true;
        }
        // The libraries cancel by themselves too: at their time limits, and when a connection breaks.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SignInFailed(logger, e.GetType().Name);
            return false;
        }
    }
}
