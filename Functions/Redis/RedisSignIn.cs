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
    // A token lives an hour or more; a failed fetch leaves time for many others.
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);

    private volatile RedisToken? _token;

    public override string? User => _token?.User;

    public override string? Password => _token?.Password;

    public async Task FetchAsync(CancellationToken cancellationToken) => _token = await source(cancellationToken);

    /// <summary>Runs as long as the connection lives.</summary>
    public async Task KeepAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan wait = (_token?.ExpiresAt ?? default) - Ahead - time.GetUtcNow();
            await Task.Delay(wait > Least ? wait : Least, time, cancellationToken);
            try
            {
                await FetchAsync(cancellationToken);
                foreach (IServer server in multiplexer.GetServers())
                {
                    if (server.IsConnected) await server.ExecuteAsync("AUTH", [User!, Password!]);
                }

                Log.SignedIn(logger);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The next round comes in half a minute, while the old token still holds.
                Log.SignInFailed(logger, e.GetType().Name);
            }
        }
    }
}
