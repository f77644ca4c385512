using System.Text.Json.Serialization;

namespace Vellarys.Flows.Survey;

/// <summary>What is asked. The lower-case name is stored, in settings, states and answers.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SurveyKind>))]
internal enum SurveyKind
{
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>Net promoter score: 0 to 10; 9 and 10 promote, 0 to 6 detract.</summary>
    [JsonStringEnumMemberName("nps")]
    Nps,

    /// <summary>Customer satisfaction: 1 to 5.</summary>
    [JsonStringEnumMemberName("csat")]
    Csat,
}
