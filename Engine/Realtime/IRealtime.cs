namespace Vellarys.Realtime;

/// <summary>
/// Tells whoever watches that something changed. A hint: it may be lost, and says only where to look.
/// </summary>
public interface IRealtime
{
    /// <summary>Costs next to nothing while nobody watches.</summary>
    void Publish(RealtimeEvent happened);
}

/// <summary>Something changed in a conversation.</summary>
/// <param name="Kind"><c>message</c>, <c>delivery</c> or <c>charge</c>.</param>
public sealed record RealtimeEvent(TenantId Tenant, ConversationId Conversation, string Kind);
