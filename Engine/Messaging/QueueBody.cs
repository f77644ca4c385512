using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vellarys.Messaging;

/// <summary>Reads the body of a queue message, the same way for every queue.</summary>
internal static class QueueBody
{
    private const int Known = 1;

    /// <summary>
    /// Reads a body of this release's schema. One of a newer release is left for a newer release, which runs beside
    /// this one during a deployment; whatever else cannot be read never will be, so it is refused for good.
    /// </summary>
    public static T Read<T>(ReceivedMessage received, JsonTypeInfo<T> type, Func<T, int> version)
        where T : class
    {
        (string queue, string json) = (received.Message.Queue, received.Message.Body);
        try
        {
            T? body = JsonSerializer.Deserialize(json, type);
            return (body is null ? 0 : version(body)) switch
            {
                Known => body!,
                > Known => throw FromNewerRelease(queue),
                _ => throw new PermanentFault("bad_body", $"a {queue} message is empty or has no version"),
            };
        }
        catch (JsonException e)
        {
            // A newer schema may also have changed what a field is.
            throw VersionOf(json) > Known
                ? FromNewerRelease(queue)
                : new PermanentFault("bad_body", $"a {queue} message is not readable", e);
        }
    }

    /// <summary>Null for what cannot be read: cleaning up after a message does not fail for its body.</summary>
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

    private static int VersionOf(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("v", out JsonElement v)
                && v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out int version) ? version : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static TransientFault FromNewerRelease(string queue) =>
        NewerRelease.Awaited("newer_body", $"a {queue} message was written by a newer release", NewerRelease.Wait);
}
