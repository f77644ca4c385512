namespace Vellarys.Channels.Stops;

/// <summary>Called once a channel may send again: what waits for it need not wait for its next look.</summary>
public interface IAfterResume
{
    Task RunAsync(TenantId tenant, ChannelId channel);
}
