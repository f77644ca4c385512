using System.Text.Json.Serialization;

namespace Vellarys.Flows.Campaign;

/// <summary>
/// Body of <c>campaign-delivery</c>: this campaign is to be looked at, until it waits for a person or is over. Made by
/// <c>campaign_due</c> in the database.
/// </summary>
/// <param name="V">Schema version.</param>
/// <param name="Round">One of an earlier round is not carried out.</param>
internal sealed record CampaignDue(int V, Guid Tenant, Guid Campaign, int Round);

[JsonSerializable(typeof(CampaignDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CampaignDueJson : JsonSerializerContext;
