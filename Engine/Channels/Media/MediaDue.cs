using System.Text.Json.Serialization;

namespace Vellarys.Channels.Media;

/// <summary>Body of <c>image-analysis</c>: this file is to be fetched. Made by <c>keep_media</c>.</summary>
/// <param name="V">Schema version.</param>
internal sealed record MediaDue(int V, Guid Tenant, Guid Media);

[JsonSerializable(typeof(MediaDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MediaDueJson : JsonSerializerContext;
