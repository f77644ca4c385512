using System.Text.Json.Serialization;

namespace Vellarys.Flows.Survey;

/// <summary>States and events as they are stored.</summary>
[JsonSerializable(typeof(SurveyState))]
[JsonSerializable(typeof(SurveyEvent))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowOutOfOrderMetadataProperties = true)]
internal sealed partial class SurveyJson : JsonSerializerContext;
