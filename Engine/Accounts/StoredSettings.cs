using System.Text.Json;

namespace Vellarys.Accounts;

/// <summary>
/// Reads a tenant's settings from JSON. A name that no setting has is a mistake, for what was meant by it does not
/// happen; but it must not take the tenant's other settings with it.
/// </summary>
internal static class StoredSettings
{
    /// <summary>As somebody sends them: a name that no setting has is refused, in the hours too.</summary>
    /// <exception cref="JsonException">They are not settings.</exception>
    public static TenantSettings? ReadStrictly(ReadOnlySpan<byte> json)
    {
        TenantSettings? settings = JsonSerializer.Deserialize(json, StrictTenantJson.Default.TenantSettings);
        if (settings?.Hours is null) return settings;
        using JsonDocument document = JsonDocument.Parse(json.ToArray());
        JsonElement hours = document.RootElement.GetProperty("hours");
        try
        {
            return settings with { Hours = hours.Deserialize(StrictTenantJson.Default.OpeningHours) };
        }
        catch (JsonException e)
        {
            throw new JsonException(e.Message, $"$.hours{e.Path?.TrimStart('$')}", null, null, e);
        }
    }

    /// <summary>The settings, and what is wrong with the JSON: its path, or null when nothing is.</summary>
    public static (TenantSettings Settings, string? Fault) Read(string json)
    {
        try
        {
            return (JsonSerializer.Deserialize(json, StrictTenantJson.Default.TenantSettings) ?? new(), null);
        }
        catch (JsonException strict)
        {
            string fault = strict.Path is { Length: > 0 and <= 100 } path ? path : "$";
            try
            {
                return (JsonSerializer.Deserialize(json, TenantJson.Default.TenantSettings) ?? new(), fault);
            }
            catch (JsonException e)
            {
                return (new TenantSettings(), e.Path is { Length: > 0 and <= 100 } unreadable ? unreadable : "$");
            }
        }
    }
}
