using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Intake;

/// <summary>Puts the events of one webhook into queue messages: one each, a repeated event once.</summary>
internal sealed class AcceptWebhookEnvelopes(TimeProvider time)
{
    // The body is read by us alone: quotes of the raw item need two bytes, not six.
    private static readonly JsonWriterOptions Compact = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly List<QueueMessage> _messages = [];
    private readonly HashSet<(ChannelId, string)> _seen = [];

    public IReadOnlyList<QueueMessage> Messages => _messages;

    public void Add(Channel channel, InboundEvent happened)
    {
        if (!_seen.Add((channel.Id, happened.EventId))) return;
        InboundEvent addressed = happened with { Tenant = channel.Tenant.Value, Channel = channel.Id.Value };
        _messages.Add(new QueueMessage(Queues.MessageProcessing, Ids.New(time), Serialize(addressed))
        {
            Tenant = channel.Tenant,
            Subject = happened.EventId,
            OrderKey = InboundOrder.KeyOf(addressed),
        });
    }

    internal static string Serialize(InboundEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Compact);
        JsonSerializer.Serialize(writer, happened, InboundEventJson.Default.InboundEvent);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
