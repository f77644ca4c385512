using System.Text.Json;

namespace Vellarys.Accounts;

/// <summary>
/// Reads a tenant's settings from JSON. A name that no setting has is a mistake, for what was meant by it does not
/// happen; but it must not take the tenant's other settings with it.
/// </summary>
internal static class StoredSettings
{
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
