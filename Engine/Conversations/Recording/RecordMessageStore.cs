using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// The transaction behind <see cref="RecordMessage"/>: one round trip for a whole set of events. Two where one of them
/// would overtake an earlier message of its customer: that one is left out.
/// </summary>
internal sealed class RecordMessageStore(
    NpgsqlDataSource database, IOutbox outbox, ICrashPoints crashPoints, TimeProvider time)
{
    private const int MaxLooks = 8;
    private const int MaxKnown = 100_000;

    // Which contacts surely have their rows, so that the find-or-create statements can be left out. A miss costs three
    // statements, and a wrong hit fails the check at the end of the transaction, which then runs in full.
    private readonly RecentKeys _known = new(MaxKnown);

    /// <summary>Records the set; returns the conversations that changed and what has to wait.</summary>
    public async Task<Recorded> RecordAsync(IReadOnlyList<RecordItem> items)
    {
        var early = new HashSet<RecordItem>(ReferenceEqualityComparer.Instance);
        IReadOnlyList<RecordItem> set = items;
        for (int looks = 1; ; looks++)
        {
            try
            {
                return new Recorded(set.Count == 0 ? [] : await RecordAllAsync(set), early);
            }
            catch (PostgresException e) when (e.SqlState == RecordOrder.Overtakes && looks < MaxLooks)
            {
                early.UnionWith(await RecordOrder.OvertakingAsync(database, set));
                set = [.. items.Where(i => !early.Contains(i))];
            }
        }
    }

    private async Task<IReadOnlyList<ConversationKey>> RecordAllAsync(IReadOnlyList<RecordItem> items)
    {
        List<List<RecordItem>> parts = RecordIdentities.Parts(items);
        if (parts.Count == 1) return await RecordPartAsync(items);
        List<ConversationKey> changed = [];
        foreach (List<RecordItem> part in parts) changed.AddRange(await RecordPartAsync(part));
        return changed;
    }

    private async Task<IReadOnlyList<ConversationKey>> RecordPartAsync(IReadOnlyList<RecordItem> items)
    {
        List<RecordItem> distinct = [.. items.DistinctBy(i => i.Key)];
        List<RecordItem> spoken = distinct.FindAll(i => i.IsSpoken);
        List<RecordItem> strangers = spoken.FindAll(i => i.Opens && !_known.Contains(i.ContactKey));
        try
        {
            IReadOnlyList<ConversationKey> changed = await RunAsync(items, distinct, spoken, strangers);
            foreach (RecordItem stranger in strangers) _known.Add(stranger.ContactKey);
            return changed;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure)
        {
            // A conversation that we took for granted was closed: find or create every one of them.
            foreach (RecordItem item in spoken) _known.Forget(item.ContactKey);
            return await RunAsync(items, distinct, spoken, spoken.FindAll(i => i.Opens));
        }
    }

    private async Task<IReadOnlyList<ConversationKey>> RunAsync(
        IReadOnlyList<RecordItem> items, List<RecordItem> distinct, List<RecordItem> spoken,
        List<RecordItem> strangers)
    {
        using Reservation reservation = outbox.Reserve(Queues.AiResponse, spoken.Count);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(items.Select(i => new TenantId(i.Event.Tenant))));
        // With second copies too: what comes after them does not overtake them.
        List<RecordItem> moves = distinct.FindAll(i => i.Event.Change is not null);
        if (spoken.Count + moves.Count > 0) batch.BatchCommands.Add(RecordOrder.Check(items));
        foreach (RecordItem item in moves)
            batch.BatchCommands.Add(RecordIdentities.Change(item));
        if (strangers.Count > 0)
        {
            if (RecordIdentities.Owners(strangers) is { } owners) batch.BatchCommands.Add(owners);
            batch.BatchCommands.Add(RecordCommands.Contacts(strangers));
            batch.BatchCommands.Add(RecordCommands.Leads(strangers));
            batch.BatchCommands.Add(RecordCommands.Conversations(strangers));
        }

        List<RecordItem> echoes = spoken.FindAll(i => i.Event.Kind == InboundKind.Echo);
        if (spoken.Count > 0)
        {
            batch.BatchCommands.Add(RecordCommands.Lock(spoken));
            if (strangers.Count > 0) batch.BatchCommands.Add(RecordIdentities.Profiles(strangers));
            batch.BatchCommands.Add(RecordCommands.Messages(spoken, reservation));
        }

        List<RecordItem> files = spoken.FindAll(i => i.Event is { Media: not null, Kind: not InboundKind.Notice });
        if (files.Count > 0) batch.BatchCommands.Add(RecordMedia.Command(files, time));
        if (echoes.Count > 0) batch.BatchCommands.Add(RecordCommands.Takeovers(echoes));
        List<RecordItem> changes = distinct.FindAll(i => i.IsChange);
        if (changes.Count > 0) batch.BatchCommands.Add(RecordChanges.Command(changes));
        List<RecordItem> opening = spoken.FindAll(i => i.Opens);
        if (opening.Count > 0) batch.BatchCommands.Add(RecordCommands.Check(opening));

        List<RecordItem> statuses = distinct.FindAll(i => i.Event.Status is not null);
        List<RecordItem> preferences =
        [
            .. distinct.Where(i => i.Event is { OptedOut: not null, Identities.Count: > 0 })
                .GroupBy(i => (i.Event.Tenant, i.First)).Select(g => g.MaxBy(i => i.Event.SentAt)!),
        ];
        // A notice that found no conversation to stand in is an event like the others.
        if (distinct.FindAll(i => (!i.IsSpoken || !i.Opens) && i.Event.Change is null) is { Count: > 0 } events)
            batch.BatchCommands.Add(RecordCommands.Events(events));
        if (preferences.Count > 0) batch.BatchCommands.Add(RecordCommands.Preferences(preferences));
        if (statuses.Count > 0) batch.BatchCommands.Add(RecordCommands.Statuses(statuses));

        List<ReceivedMessage> received = [.. items.Select(i => i.Received)];
        if (outbox.CompleteCommand(received) is { } settle) batch.BatchCommands.Add(settle);

        crashPoints.Reach("record:before-commit");
        var changed = new List<ConversationKey>();
        var queued = new List<QueueMessage>();
        try
        {
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            do
            {
                // Two statements return conversations; record-messages.sql with the turn that follows.
                if (reader.GetName(0) != "tenant_id") continue;
                while (await reader.ReadAsync()) Read(reader, changed, queued);
            }
            while (await reader.NextResultAsync());
        }
        catch (PostgresException e) when (TransientErrors.IsBadValue(e))
        {
            // A statement that the driver was about to prepare counts as prepared although its values were refused, and
            // with no columns: the next answer to it on this session would be misread, after its commit.
            connection.UnprepareAll();
            throw;
        }

        crashPoints.Reach("record:after-commit");
        await outbox.CommittedAsync(reservation, queued, received);
        return changed;
    }

    private static void Read(NpgsqlDataReader reader, List<ConversationKey> changed, List<QueueMessage> queued)
    {
        Guid tenant = reader.GetGuid(0), conversation = reader.GetGuid(1);
        changed.Add(new ConversationKey(new TenantId(tenant), new ConversationId(conversation)));
        if (reader.FieldCount < 5 || !reader.GetBoolean(4)) return;

        string body =
            $$"""{"v":1,"tenant":"{{tenant}}","conversation":"{{conversation}}","turn":{{reader.GetInt64(2)}}}""";
        queued.Add(new QueueMessage(Queues.AiResponse, reader.GetGuid(3), body)
        {
            Tenant = new TenantId(tenant),
            Subject = conversation.ToString(),
            Priority = (QueuePriority)reader.GetInt16(5),
            TraceParent = reader.IsDBNull(6) ? null : reader.GetString(6),
            NotBefore = reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
        });
    }
}
