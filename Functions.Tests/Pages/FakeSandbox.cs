using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Tests.Pages;

/// <summary>Stands in for the sandbox adapter and the webhook until they are there.</summary>
internal sealed class FakeSandbox : IChannel
{
    public string Kind => "sandbox";

    public bool HasServiceWindow => false;

    public static async Task<IResult> ReceiveAsync(
        Guid channel, HttpContext context, IChannelDirectory directory, IMessageQueue queue)
    {
        ChannelAccount account = (await directory.FindAsync(new ChannelId(channel), context.RequestAborted))!;
        if (context.Request.Headers["X-Sandbox-Token"] != account.WebhookSecrets[0]) return TypedResults.Unauthorized();
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        List<QueueMessage> messages = [];
        foreach (JsonElement item in body.RootElement.GetProperty("messages").EnumerateArray())
        {
            var happened = new InboundEvent
            {
                Tenant = account.Tenant.Value,
                Channel = channel,
                Kind = InboundKind.Message,
                EventId = item.GetProperty("id").GetString()!,
                ReceivedAt = now,
                SentAt = now,
                Address = item.GetProperty("from").GetString()!,
                Identities = [new IdentityKey("phone", item.GetProperty("from").GetString()!)],
                ProfileName = item.GetProperty("name").GetString()!,
                Text = item.GetProperty("text").GetString()!,
            };
            messages.Add(new QueueMessage(
                Queues.MessageProcessing,
                Ids.New(TimeProvider.System),
                JsonSerializer.Serialize(happened, InboundEventJson.Default.InboundEvent)) { Tenant = account.Tenant });
        }

        await queue.SendAsync(messages, context.RequestAborted);
        return TypedResults.Ok();
    }

    public bool IsAuthentic(ChannelAccount? account, IHeaderDictionary headers, ReadOnlySpan<byte> body) => true;

    public WebhookContent Read(ChannelAccount? account, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        new([]);

    public Task<SendOutcome> SendAsync(
        ChannelAccount account, OutboundMessage message, CancellationToken cancellationToken) =>
        Task.FromResult<SendOutcome>(new SendOutcome.Sent($"sandbox.out.{message.Id}"));

    public Task MarkReadAsync(
        ChannelAccount account, string providerMessageId, CancellationToken cancellationToken) => Task.CompletedTask;
}
