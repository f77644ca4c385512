using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>The statements of <see cref="RecordMessageStore"/> with their columns filled in.</summary>
internal static class RecordCommands
{
    private static readonly string ContactsSql = EngineSql.Of<RecordMessage>("record-contacts.sql");
    private static readonly string LeadsSql = EngineSql.Of<RecordMessage>("record-leads.sql");
    private static readonly string ConversationsSql = EngineSql.Of<RecordMessage>("record-conversations.sql");
    private static readonly string LockSql = EngineSql.Of<RecordMessage>("record-lock.sql");
    private static readonly string MessagesSql = EngineSql.Of<RecordMessage>("record-messages.sql");
    private static readonly string CheckSql = EngineSql.Of<RecordMessage>("record-check.sql");
    private static readonly string TakeoversSql = EngineSql.Of<RecordMessage>("record-takeovers.sql");
    private static readonly string StatusesSql = EngineSql.Of<RecordMessage>("record-statuses.sql");
    private static readonly string EventsSql = EngineSql.Of<RecordMessage>("record-events.sql");
    private static readonly string PreferencesSql = EngineSql.Of<RecordMessage>("record-preferences.sql");

    public static NpgsqlBatchCommand Contacts(List<RecordItem> items)
    {
        var groups = new Dictionary<(Guid, IdentityKey), (int Group, Guid Contact)>();
        var keys = new List<(int Group, RecordItem Item, IdentityKey Key, Guid Contact)>();
        foreach (RecordItem item in items)
        {
            // Whoever shares an identity within the set is one person and gets one proposed id.
            (int Group, Guid Contact) group = item.Event.Identities
                .Select(k => groups.TryGetValue((item.Event.Tenant, k), out (int, Guid) found) ? found : (-1, default))
                .FirstOrDefault(g => g.Item1 >= 0, (groups.Count, item.ContactId));
            foreach (IdentityKey key in item.Event.Identities)
            {
                if (groups.TryAdd((item.Event.Tenant, key), group)) keys.Add((group.Group, item, key, group.Contact));
            }
        }

        return new NpgsqlBatchCommand(ContactsSql)
            .WithColumn(keys, k => k.Group)
            .WithColumn(keys, k => k.Item.Event.Tenant)
            .WithColumn(keys, k => k.Key.Kind)
            .WithColumn(keys, k => k.Key.Value)
            .WithColumn(keys, k => k.Contact)
            .WithColumn(keys, k => k.Item.Event.ProfileName ?? "")
            .WithColumn(keys, k => k.Item.Phone)
            .WithColumn(keys, k => k.Item.Event.Channel);
    }

    public static NpgsqlBatchCommand Leads(List<RecordItem> items) =>
        new NpgsqlBatchCommand(LeadsSql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithIdentities(items)
            .WithColumn(items, i => i.LeadId)
            .WithColumn(items, i => i.Phone)
            .WithColumn(items, i => i.Event.Source ?? "whatsapp");

    public static NpgsqlBatchCommand Conversations(List<RecordItem> items) =>
        new NpgsqlBatchCommand(ConversationsSql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.Event.Channel)
            .WithIdentities(items)
            .WithColumn(items, i => i.ConversationId)
            .WithColumn(items, i => i.Event.Address!);

    public static NpgsqlBatchCommand Lock(List<RecordItem> items) =>
        new NpgsqlBatchCommand(LockSql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.Event.Channel)
            .WithIdentities(items)
            .WithColumn(items, i => !i.Opens);

    public static NpgsqlBatchCommand Messages(List<RecordItem> items, Reservation reservation)
    {
        int ordinal = 0;
        return new NpgsqlBatchCommand(MessagesSql)
            .WithColumn(items, _ => ordinal++)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.Event.Channel)
            .WithColumn(items, i => i.Event.EventId)
            .WithColumn(items, i => i.What)
            .WithIdentities(items)
            .WithColumn(items, i => i.Event.Address!)
            .WithColumn(items, i => i.MessageId)
            .WithColumn(items, i => i.Event.Type)
            .WithColumn(items, i => i.Event.Text)
            .WithColumn(items, i => i.Event.Raw)
            .WithColumn(items, i => i.Event.SentAt.UtcDateTime)
            .WithColumn(items, i => i.Event.ReceivedAt.UtcDateTime)
            .WithColumn(items, i => i.AnswerId)
            .WithColumn(items, i => i.Settings.QuietMs)
            .WithColumn(items, i => i.Settings.BurstCapMs)
            .WithColumn(items, i => i.Settings.MessagesPerMinute)
            .WithColumn(items, i => i.OptsOut)
            .WithColumn(items, i => i.Received.Message.TraceParent)
            .With(reservation.Count)
            .With(reservation.Owner)
            .With(reservation.LockFor)
            .WithColumn(items, i => i.Event.RefersTo)
            .WithColumn(items, i => RecordChanges.Details(i.Event))
            .WithColumn(items, i => i.Settings.PhoneQuietMinutes);
    }

    public static NpgsqlBatchCommand Takeovers(List<RecordItem> echoes) =>
        new NpgsqlBatchCommand(TakeoversSql).WithColumn(echoes, i => i.MessageId);

    public static NpgsqlBatchCommand Check(List<RecordItem> items) =>
        new NpgsqlBatchCommand(CheckSql)
            .WithColumn(items, i => i.Event.Channel)
            .WithColumn(items, i => i.Event.EventId)
            .WithColumn(items, i => i.MessageId)
            .WithColumn(items, i => i.Event.Tenant);

    public static NpgsqlBatchCommand Events(List<RecordItem> items) =>
        new NpgsqlBatchCommand(EventsSql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.Event.Channel)
            .WithColumn(items, i => i.Event.EventId)
            .WithColumn(items, i => i.Event.Kind switch
            {
                InboundKind.Status => "S",
                InboundKind.Preference => "P",
                InboundKind.Notice or InboundKind.Echo => "N",
                _ => "U",
            })
            .WithColumn(items, i => i.Event.Kind switch
            {
                InboundKind.Status => "status",
                InboundKind.Preference => "preference",
                _ => "ignored:" + i.Event.Type,
            })
            // The words of an edit are kept where the message is that it changes, or will be.
            .WithColumn(items, i => i.IsChange ? null : i.Event.Raw)
            .WithColumn(items, i => i.Event.ReceivedAt.UtcDateTime);

    public static NpgsqlBatchCommand Preferences(List<RecordItem> items) =>
        new NpgsqlBatchCommand(PreferencesSql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.First.Kind)
            .WithColumn(items, i => i.First.Value)
            .WithColumn(items, i => i.Event.OptedOut!.Value);

    public static NpgsqlBatchCommand Statuses(List<RecordItem> items)
    {
        List<MessageStatus> merged = MessageStatus.Merge(items);
        return new NpgsqlBatchCommand(StatusesSql)
            .WithColumn(merged, s => s.Tenant)
            .WithColumn(merged, s => s.Channel)
            .WithColumn(merged, s => s.ProviderMessageId)
            .WithColumn(merged, s => s.MessageId)
            .WithColumn(merged, s => s.Rank)
            .WithColumn(merged, s => s.Failed)
            .WithColumn(merged, s => s.ErrorCode);
    }

    private static NpgsqlBatchCommand WithIdentities(this NpgsqlBatchCommand command, List<RecordItem> items) =>
        command
            .WithColumn(items, i => i.First.Kind)
            .WithColumn(items, i => i.First.Value)
            .WithColumn(items, i => i.Second?.Kind)
            .WithColumn(items, i => i.Second?.Value);
}
