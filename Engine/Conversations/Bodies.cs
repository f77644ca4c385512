using System.Text.Json.Serialization;

namespace Vellarys.Conversations;

/// <summary>
/// Body of <c>ai-response</c>: this turn wants an answer. Also written by <c>record-messages.sql</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record TurnDue(int V, Guid Tenant, Guid Conversation, long Turn);

/// <summary>
/// Body of <c>message-delivery</c>: this message wants to be sent. Also written by <c>answer-commit.sql</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record DeliveryDue(int V, Guid Tenant, Guid Message);

[JsonSerializable(typeof(TurnDue))]
[JsonSerializable(typeof(DeliveryDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BodiesJson : JsonSerializerContext;
