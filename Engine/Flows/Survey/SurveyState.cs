using System.Text.Json.Serialization;

namespace Vellarys.Flows.Survey;

/// <summary>Where a survey stands. The names are stored.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
[JsonDerivedType(typeof(SurveyState.Unstarted), nameof(SurveyState.Unstarted))]
[JsonDerivedType(typeof(SurveyState.Planned), nameof(SurveyState.Planned))]
[JsonDerivedType(typeof(SurveyState.Asked), nameof(SurveyState.Asked))]
[JsonDerivedType(typeof(SurveyState.AskedWhy), nameof(SurveyState.AskedWhy))]
[JsonDerivedType(typeof(SurveyState.Ended), nameof(SurveyState.Ended))]
internal abstract record SurveyState
{
    private SurveyState()
    {
    }

    public sealed record Unstarted : SurveyState;

    /// <summary>To be asked at once, unless the customer has written meanwhile.</summary>
    /// <param name="LastInboundAt">When the 24-hour window began; null when it never did.</param>
    /// <param name="Agent">Who had attended the customer, where that is known.</param>
    public sealed record Planned(SurveyKind Kind, DateTimeOffset? LastInboundAt, Guid? Agent) : SurveyState;

    /// <summary>The score was asked for.</summary>
    public sealed record Asked(SurveyKind Kind, DateTimeOffset ExpiresAt, Guid? Agent) : SurveyState;

    /// <summary>The score is there, its reason was asked for.</summary>
    /// <param name="Conversation">The conversation that the score's message opened.</param>
    /// <param name="Turn">The turn that brought the score: what comes from it once more is a copy.</param>
    public sealed record AskedWhy(
        SurveyKind Kind, int Score, Guid Conversation, long Turn, DateTimeOffset ExpiresAt, Guid? Agent) : SurveyState;

    public sealed record Ended(string Outcome) : SurveyState;
}
