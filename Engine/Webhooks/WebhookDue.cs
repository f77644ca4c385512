using System.Text.Json.Serialization;

namespace Vellarys.Webhooks;

/// <summary>Body of <c>webhook-delivery</c>: somebody is to hear of this event.</summary>
/// <param name="V">Schema version.</param>
/// <param name="Endpoint">Null: which endpoints are to hear of it is still to be found out.</param>
/// <param name="Round">
/// One more with each message about this event and endpoint: what is left of an earlier one is not carried out.
/// </param>
internal sealed record WebhookDue(int V, Guid Tenant, Guid Event, Guid? Endpoint, int Round);

[JsonSerializable(typeof(WebhookDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WebhookDueJson : JsonSerializerContext;
