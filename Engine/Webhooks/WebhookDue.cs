using System.Text.Json.Serialization;

namespace Vellarys.Webhooks;

/// <summary>Body of <c>webhook-delivery</c>: this endpoint is to hear of this event.</summary>
/// <param name="V">Schema version.</param>
/// <param name="Round">0, and one more with each replay: what is left of an earlier round is not carried out.</param>
internal sealed record WebhookDue(int V, Guid Tenant, Guid Event, Guid Endpoint, int Round);

[JsonSerializable(typeof(WebhookDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WebhookDueJson : JsonSerializerContext;
