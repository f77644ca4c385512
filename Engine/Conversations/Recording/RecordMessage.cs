using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// Takes provider events into the books: receipt, contact, conversation, message and turn in one transaction, together
/// with the <c>ai-response</c> messages that follow and the end of the queue messages that brought them. A second copy
/// of an event changes nothing.
/// </summary>
public sealed class RecordMessage : IMessageHandler
{
    private const int MaxSet = 64;
    private const string Earlier = "an earlier message comes first";
    private readonly Batcher<RecordItem, bool> _batcher;
    private readonly RecordMessageStore _store;
    private readonly Predecessor _predecessor;
    private readonly ITenantDirectory _tenants;
    private readonly IRealtime _realtime;
    private readonly TimeProvider _time;

    public RecordMessage(
        NpgsqlDataSource database, IOutbox outbox, ITenantDirectory tenants, IRealtime realtime,
        ICrashPoints crashPoints, TimeProvider time, ILogger<RecordMessage> logger)
    {
        _store = new RecordMessageStore(database, outbox, crashPoints, time);
        _predecessor = new Predecessor(database, logger);
        _tenants = tenants;
        _realtime = realtime;
        _time = time;

        // One set at a time: the order in which events came in is, within a tenant, that in which they are recorded.
        _batcher = new Batcher<RecordItem, bool>(
            MaxSet, 1, RecordAsync, TransientErrors.HitsEveryItem, item => item.Event.Tenant);
    }

    public string Queue => Queues.MessageProcessing;

    /// <summary>
    /// Ends once the event is recorded, or was before; puts it off while an earlier message of the customer is
    /// elsewhere on its way.
    /// </summary>
    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        InboundEvent happened = QueueBody.Read(received, InboundEventJson.Default.InboundEvent, e => e.V);
        Tenant tenant = await _tenants.FindAsync(new TenantId(happened.Tenant), cancellationToken)
            ?? throw new PermanentFault("unknown_tenant", $"no tenant {happened.Tenant}");
        try
        {
            if (!await _predecessor.IsThroughAsync(received, happened))
            {
                await received.WaitForOthersAsync(Predecessor.Pause(received), Earlier, cancellationToken);
                return;
            }

            RecordItem item = new(happened, tenant.Settings, received, Ids.New(_time), Ids.New(_time),
                Ids.New(_time), Ids.New(_time), Ids.New(_time)) { Locale = tenant.Locale };
            if (await _batcher.AddAsync(item)) _predecessor.Recorded(item);
            else await received.DeferAsync(RecordOrder.Wait(received, _time), Earlier, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task<IReadOnlyList<bool>> RecordAsync(IReadOnlyList<RecordItem> items)
    {
        Recorded recorded = await _store.RecordAsync(items);
        foreach (ConversationKey changed in recorded.Changed)
            _realtime.Publish(new RealtimeEvent(changed.Tenant, changed.Conversation, "message"));
        return [.. items.Select(i => !recorded.Early.Contains(i))];
    }
}

/// <summary>What came of a set of events.</summary>
/// <param name="Changed">The conversations that have something new.</param>
/// <param name="Early">What was not recorded, because something earlier of the same customer has to be first.</param>
internal sealed record Recorded(IReadOnlyList<ConversationKey> Changed, IReadOnlySet<RecordItem> Early);

/// <summary>A conversation with its tenant.</summary>
internal readonly record struct ConversationKey(TenantId Tenant, ConversationId Conversation);
