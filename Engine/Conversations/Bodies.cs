using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Vellarys.Messaging;

namespace Vellarys.Conversations;

/// <summary>
/// Body of <c>ai-response</c>: this turn wants an answer. Also written by <c>record-messages.sql</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record TurnDue(int V, Guid Tenant, Guid Conversation, long Turn);

/// <summary>
/// Body of <c>message-delivery</c>: this message wants to be sent. Also written by <c>answer-commit.sql</c>.
/// </summary>
/// <param name="V">Schema version.</param>
internal sealed record DeliveryDue(int V, Guid Tenant, Guid Message);

[JsonSerializable(typeof(TurnDue))]
[JsonSerializable(typeof(DeliveryDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BodiesJson : JsonSerializerContext;

internal static class Bodies
{
    /// <summary>
    /// Reads a body of this or an earlier version; one of a later release is left for a later release.
    /// </summary>
    public static T Read<T>(ReceivedMessage received, JsonTypeInfo<T> type, Func<T, int> version)
    {
        T? body;
        try
        {
            body = JsonSerializer.Deserialize(received.Message.Body, type);
        }
        catch (JsonException e)
        {
            throw new PermanentFault("bad_body", $"a {received.Message.Queue} message is not readable", e);
        }

        if (body is null) throw new PermanentFault("bad_body", $"a {received.Message.Queue} message is empty");
        if (version(body) > 1)
            throw FromNewerRelease(received.Message.Queue);
        return body;
    }

    /// <summary>Null for what cannot be read: whoever only cleans up after a message does not fail for it.</summary>
    public static T? TryRead<T>(string body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Two releases run side by side during a deployment: the newer one will take it.</summary>
    public static TransientFault FromNewerRelease(string queue) =>
        new("newer_body", $"a {queue} message was written by a newer release")
        {
            IsOutage = true, RetryAfter = TimeSpan.FromSeconds(5),
        };
}
