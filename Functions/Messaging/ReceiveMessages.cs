using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Vellarys.Functions.Flows;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>From a trigger to the engine's handler for that queue, and back.</summary>
public sealed class ReceiveMessages(
    HandleReceived handle, KeepDeadLetter keep, FlowInstances flows, IEnumerable<IMessageHandler> handlers,
    QueuePlaces places, TimeProvider time, ILogger<ReceiveMessages> logger)
{
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, IMessageHandler> _handlers =
        handlers.ToDictionary(h => h.Queue, StringComparer.Ordinal);

    /// <param name="client">Where flows run; null for queues that bring no flow events.</param>
    public async Task RunAsync(
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, DurableTaskClient? client,
        CancellationToken cancellationToken)
    {
        BrokerMessage content;
        try
        {
            content = ServiceBusReceived.Read(message);
        }
        catch (PermanentFault e)
        {
            logger.ForeignMessage(NameOf(message), e.Code);
            await actions.DeadLetterMessageAsync(message, null, e.Code, e.Message, CancellationToken.None);
            return;
        }

        string queue = content.Message.Queue;
        ServiceBusReceived received = new(content, message, actions);
        if (!await places.EnterAsync(queue, cancellationToken))
        {
            await handle.RunAsync(received, new PutBack(queue), cancellationToken);
            return;
        }

        try
        {
            await handle.RunAsync(received, Find(queue, client), cancellationToken);
        }
        finally
        {
            places.Leave(queue);
        }
    }

    /// <summary>Takes a dead letter over to where operators look.</summary>
    /// <param name="queue">Whose dead letters they are.</param>
    public async Task KeepAsync(
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, string queue,
        CancellationToken cancellationToken)
    {
        BrokerMessage content = ReadOrWrap(message, queue);
        // The broker's own word for what the engine has a code for; every other reason is the engine's, or tells as is.
        bool gaveUp = message.DeadLetterReason is null or "MaxDeliveryCountExceeded";
        string? code = gaveUp ? null : message.DeadLetterReason;
        try
        {
            try
            {
                await keep.RunAsync(
                    content, code, gaveUp ? null : message.DeadLetterErrorDescription, message.EnqueuedTime,
                    cancellationToken);
            }
            catch (PermanentFault e)
            {
                // The database refuses what it holds: then at least that it was there.
                QueueMessage bare = new(content.Message.Queue, content.Message.Id, "");
                await keep.RunAsync(
                    new BrokerMessage(bare), e.Code, "Its content could not be kept.", message.EnqueuedTime,
                    cancellationToken);
            }
        }
        catch (TransientFault e)
        {
            // Dead letters come again at once and without end.
            logger.DeadLetterStays(NameOf(message), e.Code);
            await Task.Delay(AfterOutage, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await actions.AbandonMessageAsync(message, cancellationToken: CancellationToken.None);
            return;
        }

        await actions.CompleteMessageAsync(message, CancellationToken.None);
    }

    /// <summary>What is none of ours, or damaged, is kept too: somebody sent it for a reason.</summary>
    private BrokerMessage ReadOrWrap(ServiceBusReceivedMessage message, string queue)
    {
        try
        {
            return ServiceBusReceived.Read(message);
        }
        catch (PermanentFault e)
        {
            logger.ForeignMessage(NameOf(message), e.Code);
            // The same for each delivery of it, and for no other: foreign senders leave the id out, or use it again.
            string name = string.Create(
                CultureInfo.InvariantCulture,
                $"{queue}/{message.SequenceNumber}/{message.EnqueuedTime.UtcTicks}/{message.MessageId}");
            Guid id = new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
            string body = Encoding.UTF8.GetString(message.Body.ToMemory().Span);
            string text = body.Replace("\0", "", StringComparison.Ordinal);
            return new BrokerMessage(new QueueMessage(queue, id, text));
        }
    }

    private static string NameOf(ServiceBusReceivedMessage message) => string.IsNullOrEmpty(message.MessageId)
        ? message.SequenceNumber.ToString(CultureInfo.InvariantCulture)
        : message.MessageId;

    private IMessageHandler Find(string queue, DurableTaskClient? client) => queue switch
    {
        Queues.FlowEvents when client is not null => new LookAtFlow(flows, client),
        _ when _handlers.TryGetValue(queue, out IMessageHandler? handler) => handler,
        _ => new NotYetHandled(queue),
    };
}
