using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Tests.Pages;

/// <summary>Stands in for the sandbox adapter and the webhook until they are there.</summary>
internal sealed class FakeSandbox : IProvider
{
    public string Kind => "sandbox";

    public bool HasServiceWindow => false;

    public static async Task<IResult> ReceiveAsync(
        [FromRoute(Name = "channel")] Guid id, HttpContext context, IChannelDirectory directory, IMessageQueue queue)
    {
        Channel channel = (await directory.FindAsync(new ChannelId(id), context.RequestAborted))!;
        if (context.Request.Headers["X-Sandbox-Token"] != channel.WebhookSecrets[0]) return TypedResults.Unauthorized();
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        List<QueueMessage> messages = [];
        foreach (JsonElement item in body.RootElement.GetProperty("messages").EnumerateArray())
        {
            var happened = new InboundEvent
            {
                Tenant = channel.Tenant.Value,
                Channel = id,
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
                JsonSerializer.Serialize(happened, InboundEventJson.Default.InboundEvent)) { Tenant = channel.Tenant });
        }

        await queue.SendAsync(messages, context.RequestAborted);
        return TypedResults.Ok();
    }

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) => true;

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        new([]);

    public Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken) =>
        Task.FromResult<SendOutcome>(new SendOutcome.Sent($"sandbox.out.{message.Id}"));

    public Task MarkReadAsync(
        Channel channel, string providerMessageId, CancellationToken cancellationToken) => Task.CompletedTask;
}
