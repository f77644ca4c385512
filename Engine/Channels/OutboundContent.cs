using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vellarys.Channels;

/// <summary>
/// What a message of ours is, where it is more than text. Stored in <c>messages.payload</c>; the message's body always
/// has the text that stands for it, which goes out where the provider lacks the kind.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Media), "media")]
[JsonDerivedType(typeof(Buttons), "buttons")]
[JsonDerivedType(typeof(Choices), "list")]
[JsonDerivedType(typeof(Reaction), "reaction")]
[JsonDerivedType(typeof(Place), "location")]
public abstract record OutboundContent
{
    private OutboundContent()
    {
    }

    /// <summary>A stored file; the message's body is its caption.</summary>
    /// <param name="Kind"><c>image</c>, <c>audio</c>, <c>video</c>, <c>document</c> or <c>sticker</c>.</param>
    /// <param name="MediaId">The row of <c>media</c>.</param>
    /// <param name="IsVoice">Audio only: shown as a voice note where the provider can. As the upload says.</param>
    public sealed record Media(string Kind, Guid MediaId, bool IsVoice = false) : OutboundContent;

    /// <summary>The message's body with one to three buttons below it.</summary>
    public sealed record Buttons(IReadOnlyList<Choice> Options) : OutboundContent;

    /// <summary>The message's body with a button that opens a list of one to ten rows.</summary>
    /// <param name="Label">What the button says; at most 20 characters.</param>
    public sealed record Choices(string Label, IReadOnlyList<Choice> Options) : OutboundContent;

    /// <summary>An emoji on a message; empty takes it back.</summary>
    /// <param name="To">The provider's id of the message.</param>
    public sealed record Reaction(string To, string Emoji) : OutboundContent;

    /// <summary>A point on the map, in degrees.</summary>
    public sealed record Place(double Latitude, double Longitude, string? Name, string? Address) : OutboundContent;

    /// <summary>One thing to choose.</summary>
    /// <param name="Id">Comes back when it is chosen; at most 200 characters, unique in its message.</param>
    /// <param name="Title">At most 20 characters on a button, 24 in a list.</param>
    /// <param name="Description">Lists only; at most 72 characters.</param>
    public sealed record Choice(string Id, string Title, string? Description = null);

    /// <summary>Whether a message of that <c>messages.kind</c> is nothing without its content.</summary>
    public static bool IsNeededFor(string kind) =>
        kind is "image" or "audio" or "video" or "document" or "sticker" or "buttons" or "list";

    /// <summary>Which of the provider's abilities it needs.</summary>
    [JsonIgnore]
    public OutboundKinds Needs => this switch
    {
        Media => OutboundKinds.Media,
        Buttons => OutboundKinds.Buttons,
        Choices => OutboundKinds.Lists,
        Reaction => OutboundKinds.Reactions,
        _ => OutboundKinds.Locations,
    };

    /// <summary>As it is stored in <c>messages.payload</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, OutboundContentJson.Default.OutboundContent);

    /// <summary>Null for what is none.</summary>
    public static OutboundContent? Read(string? payload)
    {
        if (payload is null) return null;
        try
        {
            return JsonSerializer.Deserialize(payload, OutboundContentJson.Default.OutboundContent);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(OutboundContent))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    // jsonb does not keep the order of properties.
    AllowOutOfOrderMetadataProperties = true)]
internal sealed partial class OutboundContentJson : JsonSerializerContext;
