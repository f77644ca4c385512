namespace Vellarys.Channels;

/// <summary>
/// Which channel an event belongs to, from memory: intake must work while the database does not. Filled at start,
/// refreshed in the background, and looked up in the database for a channel it has not seen.
/// </summary>
public interface IChannelDirectory
{
    ValueTask<Channel?> FindAsync(ChannelId id, CancellationToken cancellationToken);

    ValueTask<Channel?> FindAsync(string kind, string address, CancellationToken cancellationToken);

    /// <summary>Forgets what it knows, after a channel was changed.</summary>
    void Invalidate();
}
