namespace Vellarys.Webhooks;

/// <summary>
/// What an endpoint can ask to hear of. Written by <c>record_webhook_event</c> in the database:
/// <c>message.received</c> by <c>record-messages.sql</c>, the others by triggers on what changes
/// (0022-outbound-webhooks.sql).
/// </summary>
internal static class WebhookEvents
{
    public const string MessageReceived = "message.received";
    public const string MessageSent = "message.sent";
    public const string MessageFailed = "message.failed";
    public const string ConversationOpened = "conversation.opened";
    public const string ConversationClosed = "conversation.closed";
    public const string HandoffRequested = "handoff.requested";
    public const string HandoffAccepted = "handoff.accepted";
    public const string LeadQualified = "lead.qualified";
    public const string SurveyAnswered = "survey.answered";

    public const string CampaignPaused = "campaign.paused";
    public const string CampaignFinished = "campaign.finished";

    /// <summary>Sent on request, to try an endpoint; nobody subscribes to it.</summary>
    public const string Ping = "ping";

    public static IReadOnlyList<string> All { get; } =
    [
        MessageReceived, MessageSent, MessageFailed, ConversationOpened, ConversationClosed, HandoffRequested,
        HandoffAccepted, LeadQualified, SurveyAnswered, CampaignPaused, CampaignFinished,
    ];
}
