using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Accounts;

/// <summary>
/// Reads the hours of stored settings. What cannot be read becomes hours with a fault, so that it costs the tenant no
/// other setting.
/// </summary>
internal sealed class StoredHours : JsonConverter<OpeningHours>
{
    /// <summary>Null for null, and hours with a fault for what cannot be read.</summary>
    public static OpeningHours? Of(JsonElement stored)
    {
        try
        {
            return stored.Deserialize(TenantJson.Default.OpeningHours);
        }
        catch (JsonException)
        {
            return new OpeningHours();
        }
    }

    public override OpeningHours? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Of(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, OpeningHours value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, TenantJson.Default.OpeningHours);
}
