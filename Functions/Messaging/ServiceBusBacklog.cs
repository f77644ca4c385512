using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>
/// Looks at the heads of the queues without taking anything: the right to receive is enough for that, where exact
/// counts would take the right to manage the namespace. So a queue counts up to <see cref="Most"/>.
/// </summary>
internal sealed class ServiceBusBacklog(ServiceBusClient client, TimeProvider time) : IBrokerBacklog
{
    /// <summary>Messages come with their bodies: more would be a burden just when there are many.</summary>
    public const int Most = 250;

    // Scheduled messages may stand before the first one that is due.
    private const int Head = 10;

    private static readonly string[] Entities = [.. Queues.All, BrokerMessage.UrgentEntity];
    private readonly ConcurrentDictionary<string, ServiceBusReceiver> _receivers = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<BrokerBacklog>> ReadAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Entities.Select(entity => LookAsync(entity, Most, cancellationToken)));

    public async Task<TimeSpan?> OldestAsync(CancellationToken cancellationToken)
    {
        BrokerBacklog[] heads = await Task.WhenAll(Entities.Select(e => LookAsync(e, Head, cancellationToken)));
        return heads.Max(h => h.Oldest);
    }

    private async Task<BrokerBacklog> LookAsync(string entity, int most, CancellationToken cancellationToken)
    {
        ServiceBusReceiver receiver = _receivers.GetOrAdd(entity, client.CreateReceiver);
        List<ServiceBusReceivedMessage> seen = [];
        try
        {
            // A piece holds as many as fit.
            for (long from = 0; seen.Count < most; from = seen[^1].SequenceNumber + 1)
            {
                IReadOnlyList<ServiceBusReceivedMessage> piece =
                    await receiver.PeekMessagesAsync(most - seen.Count, from, cancellationToken);
                if (piece.Count == 0) break;
                seen.AddRange(piece);
            }
        }
        catch (Exception e) when (ServiceBusBroker.IsAway(e))
        {
            throw ServiceBusBroker.Away(e, "Service Bus does not show its queues.");
        }

        ServiceBusReceivedMessage? first = seen.Find(m => m.State == ServiceBusMessageState.Active);
        int due = seen.Count(m => m.State == ServiceBusMessageState.Active);
        return new(entity, due, seen.Count - due, first is null ? null : time.GetUtcNow() - first.EnqueuedTime);
    }
}
