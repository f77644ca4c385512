using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vellarys.Webhooks;

/// <summary>
/// The body of a call: the same for each attempt, but for words that were changed or taken back meanwhile.
/// </summary>
internal static class WebhookPayload
{
    public static byte[] Of(StoredDelivery delivery)
    {
        JsonObject data = JsonNode.Parse(delivery.Facts)!.AsObject();
        if (delivery.Conversation is { } conversation) data["conversationId"] = conversation;
        if (delivery.IncludesText && HasWords(delivery.Kind)) data["text"] = delivery.Text;
        if (delivery.IncludesContact && delivery.Conversation is not null)
            data["contact"] = new JsonObject { ["name"] = delivery.ContactName, ["phone"] = delivery.ContactPhone };
        return Of(delivery.Event, delivery.Kind, delivery.HappenedAt, delivery.Sequence, data);
    }

    public static byte[] Of(Guid id, string kind, DateTime at, long sequence, JsonObject data) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["id"] = id,
            ["type"] = kind,
            ["timestamp"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["sequence"] = sequence,
            ["data"] = data,
        });

    private static bool HasWords(string kind) =>
        kind is WebhookEvents.MessageReceived or WebhookEvents.MessageSent or WebhookEvents.MessageFailed
            or WebhookEvents.SurveyAnswered;
}
