using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vellarys.Http;

namespace Vellarys.Accounts.Settings;

/// <summary>Whether settings make sense: each by its note in the catalogue, then what only two of them tell.</summary>
internal static class SettingFaults
{
    /// <summary>All that is wrong, each with its place in the document.</summary>
    public static IEnumerable<FieldFault> Of(TenantSettings settings)
    {
        JsonNode document = JsonSerializer.SerializeToNode(settings, TenantJson.Default.TenantSettings)!;
        foreach (FieldFault fault in Below(document, "", "")) yield return fault;
        if (settings.BurstCapMs < settings.QuietMs)
            yield return new FieldFault("burstCapMs", "must not be less than quietMs");
        if (settings.Hours?.Fault() is { } hours) yield return new FieldFault($"hours.{hours.Field}", hours.Reason);
    }

    /// <param name="path">As in the catalogue.</param>
    /// <param name="place">As in the document: with positions of lists.</param>
    private static IEnumerable<FieldFault> Below(JsonNode? node, string path, string place)
    {
        if (SettingsCatalogue.All.TryGetValue(path, out SettingNote? note) && Fault(node, note) is { } reason)
            yield return new FieldFault(place, reason);
        IEnumerable<FieldFault> inner = node switch
        {
            // Its days are names that a company does not choose; hours have a check of their own.
            JsonObject when path == "hours" => [],
            JsonObject all => all.SelectMany(p => Below(p.Value, Join(path, p.Key), Join(place, p.Key))),
            JsonArray items => items.SelectMany((item, i) => Below(
                item, path + "[]", string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"))),
            _ => [],
        };
        foreach (FieldFault fault in inner) yield return fault;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string? Fault(JsonNode? node, SettingNote note) => node switch
    {
        JsonArray list when list.Count > note.Max => $"must have at most {note.Max} entries",
        JsonValue value when value.GetValueKind() == JsonValueKind.Number
            && (value.GetValue<int>() < note.Min || value.GetValue<int>() > note.Max) =>
            $"must be a number from {note.Min} to {note.Max}",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => TextFault(value.GetValue<string>(), note),
        _ => null,
    };

    private static string? TextFault(string text, SettingNote note)
    {
        if (note.Choices is { } choices && !choices.Contains(text))
            return $"must be among {string.Join(", ", choices)}";
        if (text.Length > note.Max) return $"must have at most {note.Max} characters";
        return note.Pattern is { } pattern && !pattern.IsMatch(text) ? $"must match {pattern}" : null;
    }
}
