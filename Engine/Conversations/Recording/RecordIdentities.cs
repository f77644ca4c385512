using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>The statements of <see cref="RecordMessageStore"/> about who somebody is.</summary>
internal static class RecordIdentities
{
    private static readonly string OwnersSql = EngineSql.Of<RecordMessage>("record-owners.sql");
    private static readonly string ProfilesSql = EngineSql.Of<RecordMessage>("record-profiles.sql");

    private const string ChangeSql =
        """
        select $1::uuid as tenant_id, c.id
        from change_identity($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as c (id)
        where c.id is not null
        """;

    /// <summary>
    /// Cuts a set where an identity changes hands, so that what came before is the old owner's and what comes after the
    /// new one's. Nearly every set is one part.
    /// </summary>
    public static List<List<RecordItem>> Parts(IReadOnlyList<RecordItem> items)
    {
        List<List<RecordItem>> parts = [[]];
        Dictionary<(Guid Channel, string Phone), string> accounts = [];
        foreach (RecordItem item in items)
        {
            bool isChange = item.Event.Change is not null;
            bool isOther = item is { Phone: { } phone, Bsuid: { } bsuid }
                && !accounts.TryAdd((item.Event.Channel, phone), bsuid)
                && accounts[(item.Event.Channel, phone)] != bsuid;
            if ((isChange || isOther || parts[^1] is [{ Event.Change: not null }]) && parts[^1].Count > 0)
            {
                parts.Add([]);
                accounts.Clear();
                if (item is { Phone: { } again, Bsuid: { } account })
                    accounts[(item.Event.Channel, again)] = account;
            }

            parts[^1].Add(item);
        }

        return parts;
    }

    /// <summary>Null when none of them came with both a number and an id.</summary>
    public static NpgsqlBatchCommand? Owners(List<RecordItem> items)
    {
        List<RecordItem> both = items.FindAll(i => i is { Phone: not null, Bsuid: not null });
        return both.Count == 0
            ? null
            : new NpgsqlBatchCommand(OwnersSql)
                .WithColumn(both, i => i.Event.Tenant)
                .WithColumn(both, i => i.Event.Channel)
                .WithColumn(both, i => i.Bsuid)
                .WithColumn(both, i => i.Phone);
    }

    public static NpgsqlBatchCommand Profiles(List<RecordItem> items) =>
        new NpgsqlBatchCommand(ProfilesSql)
            .WithColumn(items, i => i.Event.Tenant)
            .WithColumn(items, i => i.First.Kind)
            .WithColumn(items, i => i.First.Value)
            .WithColumn(items, i => i.Second?.Kind)
            .WithColumn(items, i => i.Second?.Value)
            .WithColumn(items, i => i.Event.ProfileName)
            .WithColumn(items, i => i.Phone)
            .WithColumn(items, i => i.Event.SentAt.UtcDateTime);

    public static NpgsqlBatchCommand Change(RecordItem item)
    {
        IdentityChange change = item.Event.Change!;
        return new NpgsqlBatchCommand(ChangeSql)
            .With(item.Event.Tenant)
            .With(item.Event.Channel)
            .With(item.Event.EventId)
            .With(change.What)
            .With(item.Event.Identities.Select(i => i.Kind).ToArray())
            .With(item.Event.Identities.Select(i => i.Value).ToArray())
            .With(change.Phone)
            .With(change.Bsuid)
            .With(change.Address)
            .With(item.MessageId)
            .With(StaffNotes.Of(change.What, item.Locale))
            .With(item.Event.SentAt.UtcDateTime)
            .With(item.Event.ReceivedAt.UtcDateTime);
    }
}
