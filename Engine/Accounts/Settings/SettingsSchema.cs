using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Vellarys.Accounts.Settings;

/// <summary>
/// The JSON Schema of a tenant's settings: types and defaults of the record, words and ranges of the catalogue.
/// </summary>
internal static class SettingsSchema
{
    private static readonly Lazy<JsonObject> Whole = new(Make);

    public static JsonObject Document => Whole.Value;

    private static JsonObject Make()
    {
        JsonObject schema = (JsonObject)Export(StrictTenantJson.Default.TenantSettings, "");
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["title"] = "Settings of a company";
        return schema;
    }

    private static JsonNode Export(JsonTypeInfo type, string root) => type.GetJsonSchemaAsNode(new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) =>
            context.PropertyInfo is { } property ? Described(property, PathOf(root, context.Path), node) : node,
    });

    private static JsonNode Described(JsonPropertyInfo property, string path, JsonNode node)
    {
        // It is read by a converter of its own, of which nothing can be told.
        if (property.PropertyType == typeof(OpeningHours))
        {
            node = Export(StrictTenantJson.Default.OpeningHours, path);
            node["type"] = new JsonArray("object", "null");
        }

        if (node is not JsonObject described) return node;
        described["default"] = Default(property);
        if (!SettingsCatalogue.All.TryGetValue(path, out SettingNote? note)) return described;
        described["description"] = note.Description;
        if (note.Unit is { } unit) described["x-unit"] = unit;
        if (note.Choices is { } choices) described["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)c)]);
        if (note.Pattern is { } pattern) described["pattern"] = pattern.ToString();
        if (note.Min is { } min) described["minimum"] = min;
        if (note.Max is { } max) described[MaxWord(property.PropertyType)] = max;
        return described;
    }

    private static string MaxWord(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) == typeof(int) ? "maximum"
            : type == typeof(string) ? "maxLength"
            : "maxItems";

    private static JsonNode? Default(JsonPropertyInfo property)
    {
        object owner = StrictTenantJson.Default.GetTypeInfo(property.DeclaringType)!.CreateObject!();
        object? value = property.Get!(owner);
        return value is null
            ? null
            : JsonSerializer.SerializeToNode(value, StrictTenantJson.Default.GetTypeInfo(property.PropertyType)!);
    }

    /// <summary>That of the catalogue, of the schema's own.</summary>
    private static string PathOf(string root, ReadOnlySpan<string> place)
    {
        string path = root;
        for (int i = 0; i < place.Length; i++)
        {
            if (place[i] == "items") path += "[]";
            else if (place[i] == "properties" && i + 1 < place.Length)
                path = path.Length == 0 ? place[++i] : $"{path}.{place[++i]}";
        }

        return path;
    }
}
