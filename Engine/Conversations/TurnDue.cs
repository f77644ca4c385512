namespace Vellarys.Conversations;

/// <summary>
/// Body of <c>ai-response</c>: this turn wants an answer. Also written by <c>record-messages.sql</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record TurnDue(int V, Guid Tenant, Guid Conversation, long Turn);
