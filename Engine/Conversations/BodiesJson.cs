using System.Text.Json.Serialization;

namespace Vellarys.Conversations;

[JsonSerializable(typeof(TurnDue))]
[JsonSerializable(typeof(DeliveryDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BodiesJson : JsonSerializerContext;
