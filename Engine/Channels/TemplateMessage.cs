using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Channels;

/// <summary>
/// A template that the provider has approved: all that may be sent outside the 24-hour window. Stored in
/// <c>messages.payload</c> of a message of kind <c>template</c>.
/// </summary>
/// <param name="Name">As approved, e.g. <c>voltamos_a_falar</c>.</param>
/// <param name="Language">As approved, e.g. <c>pt_BR</c>.</param>
/// <param name="Parameters">What fills the body's places, in order; no line breaks.</param>
public sealed record TemplateMessage(string Name, string Language, IReadOnlyList<string> Parameters)
{
    /// <summary>The <c>messages.kind</c> of a message that holds one.</summary>
    public const string MessageKind = "template";

    /// <summary>Null for what is no template.</summary>
    public static TemplateMessage? Read(string? payload)
    {
        if (payload is null) return null;
        try
        {
            TemplateMessage? read = JsonSerializer.Deserialize(payload, TemplateMessageJson.Default.TemplateMessage);
            bool isWhole = read is { Name.Length: > 0, Language.Length: > 0, Parameters: not null }
                && !read.Parameters.Contains(null!);
            return isWhole ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(TemplateMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class TemplateMessageJson : JsonSerializerContext;
