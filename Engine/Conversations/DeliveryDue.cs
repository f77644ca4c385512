namespace Vellarys.Conversations;

/// <summary>
/// Body of <c>message-delivery</c>: this message wants to be sent. Also written by <c>answer-commit.sql</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record DeliveryDue(int V, Guid Tenant, Guid Message);
