namespace Vellarys.Messaging;

/// <summary>How urgent a message is: a lower value overtakes a higher one, whatever the backlog.</summary>
public enum QueuePriority : short
{
    /// <summary>Overtakes everything that waits.</summary>
    Urgent = 0,

    /// <summary>What customers wait for.</summary>
    Normal = 1,

    /// <summary>Campaigns and learning: whenever nothing else waits.</summary>
    Bulk = 2,
}

/// <summary>One message on its way to a queue.</summary>
/// <param name="Queue">One of <see cref="Queues"/>.</param>
/// <param name="Id">UUIDv7; sending the same id twice stores one message.</param>
/// <param name="Body">JSON with a schema version in <c>v</c>.</param>
public sealed record QueueMessage(string Queue, Guid Id, string Body)
{
    /// <summary>The tenant it belongs to; null for messages of the platform itself.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary>
    /// What it is about, for look-ups by an operator: a provider's message id, a conversation, a flow.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary>
    /// What has the same key is to take effect in the order in which it was sent: its handler asks whether something
    /// earlier is still on its way. Null for what needs no order.
    /// </summary>
    public Guid? OrderKey { get; init; }

    /// <summary>
    /// The subject of the message of the same <see cref="OrderKey"/> that was sent before; null for none. Where the
    /// queue itself keeps the order, it is not set.
    /// </summary>
    public string? Follows { get; init; }

    public QueuePriority Priority { get; init; } = QueuePriority.Normal;

    /// <summary>Not handed out before this time (database time in UTC); null means at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>W3C <c>traceparent</c> of the work that sent it; null outside a trace.</summary>
    public string? TraceParent { get; init; }
}
