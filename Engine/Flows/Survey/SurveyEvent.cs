using System.Text.Json.Serialization;
using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Survey;

/// <summary>What can happen to a survey.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SurveyEvent.Closed), "closed")]
[JsonDerivedType(typeof(SurveyEvent.Answered), "answered")]
[JsonDerivedType(typeof(SurveyEvent.Reopened), "reopened")]
[JsonDerivedType(typeof(SurveyEvent.Woke), "woke")]
[JsonDerivedType(typeof(SurveyEvent.Cancelled), "cancelled")]
[JsonDerivedType(typeof(SurveyEvent.ChargeChanged), "charge_changed")]
[JsonDerivedType(typeof(SurveyEvent.CustomerWrote), "customer_wrote")]
internal abstract record SurveyEvent : FlowEvent
{
    private SurveyEvent()
    {
    }

    /// <summary>A conversation was closed, and its customer may be asked. Written by <c>start-survey.sql</c>.</summary>
    /// <param name="LastInboundAt">When the customer wrote last; null for never.</param>
    /// <param name="OptedOut">The customer wants no messages that we begin.</param>
    /// <param name="ChannelActive">False when the channel sends nothing.</param>
    /// <param name="Agent">Who attended the customer last, where that is known.</param>
    public sealed record Closed(DateTimeOffset? LastInboundAt, bool OptedOut, bool ChannelActive, Guid? Agent)
        : SurveyEvent;

    /// <summary>The customer's turn was taken as the answer.</summary>
    public sealed record Answered(string Text, Guid Conversation, long Turn) : SurveyEvent;

    /// <summary>The customer's turn is about something else, and the assistant answers it.</summary>
    public sealed record Reopened(string Text, Guid Conversation, long Turn) : SurveyEvent;

    public sealed record Woke : SurveyEvent;

    public sealed record Cancelled : SurveyEvent;

    public sealed record ChargeChanged(string Status, Guid? Agent) : SurveyEvent;

    public sealed record CustomerWrote(Guid Conversation, long Turn) : SurveyEvent;
}
