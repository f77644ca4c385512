using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>
/// Looks at the heads of the queues without taking anything: the right to receive is enough for that, where exact
/// counts would take the right to manage the namespace. So a queue counts up to <see cref="Most"/>. What is scheduled
/// stands among the rest by when it was sent: for the first that is due, one looks past it, up to <see cref="Deepest"/>
/// messages (up to <see cref="Quick"/> where it has to be quick), and says so where that was not enough.
/// </summary>
internal sealed class ServiceBusBacklog(ServiceBusClient client, TimeProvider time) : IBrokerBacklog
{
    /// <summary>Messages come with their bodies: more would be a burden just when there are many.</summary>
    public const int Most = 250;

    /// <summary>How far one looks where it has to be quick, and is asked each second.</summary>
    public const int Quick = 50;

    /// <summary>How far one looks at the most for the first that is due.</summary>
    public const int Deepest = 1_000;

    private const int Head = 10;

    private static readonly string[] Entities = [.. Queues.All, BrokerMessage.UrgentEntity];
    private readonly ConcurrentDictionary<string, ServiceBusReceiver> _receivers = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<BrokerBacklog>> ReadAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Entities.Select(entity => LookAsync(entity, Most, Deepest, cancellationToken)));

    public async Task<BrokerAge> OldestAsync(CancellationToken cancellationToken)
    {
        BrokerBacklog[] heads = await Task.WhenAll(Entities.Select(e => LookAsync(e, Head, Quick, cancellationToken)));
        return new(heads.Max(h => h.Oldest), heads.All(h => h.IsKnown));
    }

    /// <param name="most">How many are counted.</param>
    /// <param name="deepest">How many are looked at where none of those is due.</param>
    private async Task<BrokerBacklog> LookAsync(
        string entity, int most, int deepest, CancellationToken cancellationToken)
    {
        ServiceBusReceiver receiver = _receivers.GetOrAdd(entity, client.CreateReceiver);
        long due = 0, later = 0;
        ServiceBusReceivedMessage? first = null;
        bool isWhole = false;
        try
        {
            for (long from = 0; !isWhole && due + later < (first is null ? deepest : most);)
            {
                // A piece holds as many as fit.
                int wanted = (int)Math.Min(Most, (due + later < most ? most : deepest) - due - later);
                IReadOnlyList<ServiceBusReceivedMessage> piece =
                    await receiver.PeekMessagesAsync(wanted, from, cancellationToken);
                isWhole = piece.Count == 0;
                foreach (ServiceBusReceivedMessage message in piece)
                {
                    bool isDue = message.State == ServiceBusMessageState.Active;
                    if (isDue) (first, due) = (first ?? message, due + 1);
                    else later++;
                    from = message.SequenceNumber + 1;
                }
            }
        }
        catch (Exception e) when (ServiceBusBroker.IsAway(e))
        {
            throw ServiceBusBroker.Away(e, "Service Bus does not show its queues.");
        }

        return first is null
            ? new(entity, due, later, null, isWhole)
            : new(entity, due, later, time.GetUtcNow() - first.EnqueuedTime);
    }
}
