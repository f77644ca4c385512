using System.Text.Json;

namespace Vellarys.Flows.Campaign;

/// <summary>What of a contact can fill a template.</summary>
internal sealed record CampaignContact
{
    public Guid Id { get; init; }

    public string? Name { get; init; }

    public string? Phone { get; init; }

    public string? ClientId { get; init; }

    public string? Metadata { get; init; }

    /// <summary>Null where the contact has no such field, or nothing in it.</summary>
    public string? FieldOf(string name)
    {
        string? value = name switch
        {
            "name" => Name,
            "firstName" => Name?.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(),
            "phone" => Phone,
            "clientId" => ClientId,
            _ => Kept(name),
        };
        return string.IsNullOrWhiteSpace(value) ? null : value;
    }

    private string? Kept(string name)
    {
        if (Metadata is null) return null;
        using JsonDocument document = JsonDocument.Parse(Metadata);
        if (!document.RootElement.TryGetProperty(name, out JsonElement value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
    }
}
