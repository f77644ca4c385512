namespace Vellarys.Messaging;

/// <summary>The queues, named the same in every host.</summary>
public static class Queues
{
    /// <summary>Provider events as they came in, one envelope an event.</summary>
    public const string MessageProcessing = "message-processing";

    /// <summary>Turns of conversations that want an answer, due once the burst has gone quiet.</summary>
    public const string AiResponse = "ai-response";

    /// <summary>Pictures to look at; slow, so they never block text.</summary>
    public const string ImageAnalysis = "image-analysis";

    /// <summary>Outbound messages to claim and send.</summary>
    public const string MessageDelivery = "message-delivery";

    /// <summary>Satisfaction surveys after closing.</summary>
    public const string NpsSurvey = "nps-survey";

    /// <summary>Campaign messages.</summary>
    public const string CampaignDelivery = "campaign-delivery";

    /// <summary>What the learning jobs mine.</summary>
    public const string LearningTasks = "learning-tasks";

    /// <summary>"Look at flow X".</summary>
    public const string FlowEvents = "flow-events";

    /// <summary>Calls of tenants' own systems: one event to one endpoint.</summary>
    public const string WebhookDelivery = "webhook-delivery";

    /// <summary>Every queue, in the order of a message's life.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        MessageProcessing, AiResponse, ImageAnalysis, MessageDelivery, NpsSurvey, CampaignDelivery, LearningTasks,
        FlowEvents, WebhookDelivery,
    ];
}
