namespace Vellarys.Messaging;

/// <summary>How much of one tenant waits, where the queues can tell.</summary>
internal interface ITenantBacklog
{
    /// <summary>
    /// Messages of the tenant in the queues on the way from a webhook to its reply, leased and delayed ones included;
    /// <paramref name="atMost"/> when there are more. Reads those queues: for a tenant in question, not for every
    /// message.
    /// </summary>
    Task<long> CountAsync(TenantId tenant, int atMost, CancellationToken cancellationToken);
}
