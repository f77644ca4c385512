using Vellarys.Channels;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// Everything a set of events says about one message of ours, whatever order it came in: the highest receipt, and
/// whether it failed.
/// </summary>
internal sealed record MessageStatus(
    Guid Tenant, Guid Channel, string ProviderMessageId, Guid? MessageId, int Rank, bool Failed, string? ErrorCode)
{
    public static List<MessageStatus> Merge(IEnumerable<RecordItem> items) =>
    [
        .. items.GroupBy(i => (i.Event.Tenant, i.Event.Channel, i.Event.Status!.ProviderMessageId)).Select(g =>
        {
            List<StatusReport> reports = [.. g.Select(i => i.Event.Status!)];
            return new MessageStatus(
                g.Key.Tenant, g.Key.Channel, g.Key.ProviderMessageId,
                reports.Find(r => r.ClaimId is not null)?.ClaimId,
                reports.Max(r => RankOf(r.State)),
                reports.Exists(r => r.State == "failed"),
                reports.Find(r => r.ErrorCode is not null)?.ErrorCode);
        }),
    ];

    private static int RankOf(string state) => state switch
    {
        "sent" => 1,
        "delivered" => 2,
        "read" => 3,
        "played" => 4,
        _ => 0,
    };
}
