using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Flows.Campaign;

/// <summary>What a campaign says; several are compared. Stored in <c>campaigns.variants</c>.</summary>
internal sealed record CampaignVariant
{
    /// <summary>The approved template; null for free text, where the provider takes it at any time.</summary>
    public string? Template { get; init; }

    /// <summary>In which it is approved.</summary>
    public string? Language { get; init; }

    /// <summary>As <c>marketing</c>; null where it is not known, and so is the price.</summary>
    public string? Category { get; init; }

    /// <summary>What fills the places, in order.</summary>
    public IReadOnlyList<CampaignParameter> Parameters { get; init; } = [];

    /// <summary>
    /// What is sent; for a template, what stands in the history. With places as <c>{{1}}</c>; null: the template's name
    /// and parameters.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Its share among the variants.</summary>
    public int Weight { get; init; } = 1;

    public static string Write(IReadOnlyList<CampaignVariant> variants) =>
        JsonSerializer.Serialize(variants, CampaignVariantJson.Default.IReadOnlyListCampaignVariant);

    public static IReadOnlyList<CampaignVariant> Read(string json) =>
        JsonSerializer.Deserialize(json, CampaignVariantJson.Default.IReadOnlyListCampaignVariant)!;
}

/// <summary>One place of a template: a fixed text, or a field of the contact.</summary>
internal sealed record CampaignParameter
{
    /// <summary>
    /// <c>name</c>, <c>firstName</c>, <c>phone</c>, <c>clientId</c>, or a field of the contact's metadata.
    /// </summary>
    public string? Field { get; init; }

    /// <summary>Instead of the field of whoever has none; null: who has none is skipped.</summary>
    public string? Fallback { get; init; }

    /// <summary>The same for everybody.</summary>
    public string? Text { get; init; }
}

[JsonSerializable(typeof(IReadOnlyList<CampaignVariant>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class CampaignVariantJson : JsonSerializerContext;
