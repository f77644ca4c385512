using System.Text.Json;

namespace Vellarys.Channels.Sandbox;

/// <summary>
/// <c>{"id","from","name","text","timestamp"}</c>, or several of these as <c>{"messages":[...]}</c>. Unlike a provider,
/// whoever writes this can mend it: what is wrong is refused by its field.
/// </summary>
internal sealed class SandboxWebhook(TimeProvider time, DateTimeOffset receivedAt)
{
    private const int MaxText = 4_096;
    private const int MaxMessages = 1_000;

    public WebhookContent Read(ReadOnlyMemory<byte> body)
    {
        using JsonDocument document = ProviderJson.Parse(body);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new MalformedWebhook("$", "must be an object");
        if (!root.TryGet("messages"u8, out JsonElement messages))
            return new WebhookContent([ReadMessage(root, "$")]);

        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() is 0 or > MaxMessages)
            throw new MalformedWebhook("$.messages", $"must be an array of 1 to {MaxMessages} messages");
        return new WebhookContent(
            [.. messages.EnumerateArray().Select((m, index) => ReadMessage(m, $"$.messages[{index}]"))]);
    }

    private WebhookItem ReadMessage(JsonElement message, string path)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new MalformedWebhook(path, "must be an object");
        if (!message.TryKey("id"u8, out string? id))
            throw new MalformedWebhook(path + ".id", $"must be a string of at most {JsonFields.MaxKey} characters");
        if (!message.TryKey("from"u8, out string? from) || !PhoneNumbers.IsDigits(from))
            throw new MalformedWebhook(path + ".from", "must be a phone number: 5 to 20 digits");
        if (message.TryGet("name"u8, out JsonElement name) && name.ValueKind != JsonValueKind.String)
            throw new MalformedWebhook(path + ".name", "must be a string");
        return new WebhookItem(null, new InboundEvent
        {
            Tenant = Guid.Empty,
            Channel = Guid.Empty,
            Kind = InboundKind.Message,
            EventId = id ?? $"sandbox.{Ids.New(time):N}",
            ReceivedAt = receivedAt,
            SentAt = ProviderTime.Read(message, receivedAt),
            Address = from,
            Identities = [new IdentityKey("phone", PhoneNumbers.Canonical(from!))],
            ProfileName = message.Hint("name"u8),
            Text = ReadText(message, path),
        });
    }

    private static string ReadText(JsonElement message, string path)
    {
        if (message.TryGet("text"u8, out JsonElement text) && text.ValueKind == JsonValueKind.String)
        {
            string read = JsonText.Read(text, MaxText, out bool isCut);
            if (read.Length > 0 && !isCut) return read;
        }

        throw new MalformedWebhook(path + ".text", $"must be a string of 1 to {MaxText} characters");
    }
}
