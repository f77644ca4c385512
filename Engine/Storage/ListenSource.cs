using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// Opens sessions that live as long as the process and LISTEN. They go straight to PostgreSQL, because PgBouncer in
/// transaction mode would lose the subscription, and never return to a pool.
/// </summary>
internal sealed class ListenSource : IAsyncDisposable
{
    /// <summary>What each instance keeps of the connection budget for them: messages, and directories.</summary>
    internal const int Connections = 2;

    private readonly NpgsqlDataSource _source;

    internal ListenSource(NpgsqlDataSource source) => _source = source;

    /// <summary>A session of its own for the caller, who disposes it.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        _source.OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
