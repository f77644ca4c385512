using Vellarys.Accounts.Platform;
using Vellarys.Conversations.Ledger;

namespace Vellarys.Operations;

/// <summary>What the last days were like for each company, from what is stored.</summary>
internal sealed class ReadReport(TenantStore tenants, ReadTraffic traffic, TimeProvider time)
{
    private const int Page = 200;

    public async Task<DaysReport> RunAsync(int days, CancellationToken cancellationToken)
    {
        DateTime until = time.GetUtcNow().UtcDateTime;
        DateTime from = until.AddDays(-days);
        List<TenantDays> all = [];
        for (Guid? after = null; ; after = all[^1].TenantId)
        {
            IReadOnlyList<TenantRow> rows = await tenants.ListAsync(null, after, Page, cancellationToken);
            foreach (TenantRow row in rows)
            {
                Traffic seen = await traffic.RunAsync(new(row.Id), from, until, cancellationToken);
                all.Add(TenantDays.Of(row, seen));
            }

            if (rows.Count < Page) return new DaysReport(days, from, until, all);
        }
    }
}

/// <summary>Of every company.</summary>
internal sealed record DaysReport(int Days, DateTime From, DateTime Until, IReadOnlyList<TenantDays> Tenants);

/// <summary>Of one company.</summary>
/// <param name="Failed">Messages that could not be sent.</param>
/// <param name="Resent">Messages sent once more because nobody knew whether they had been.</param>
/// <param name="AnswerP50Ms">How long the assistant's answers took to be made; null where there was none.</param>
internal sealed record TenantDays(
    Guid TenantId, string Name, string Status, long MessagesIn, long MessagesOut, long Replies, long Handoffs,
    long Failed, long Resent, long ModelTokens, int? AnswerP50Ms, int? AnswerP95Ms)
{
    public static TenantDays Of(TenantRow tenant, Traffic traffic) => new(
        tenant.Id, tenant.Name, tenant.Status, traffic.MessagesIn, traffic.MessagesOut, traffic.Replies,
        traffic.Handoffs, traffic.Failed, traffic.Resent, traffic.ModelTokens, traffic.AnswerP50Ms,
        traffic.AnswerP95Ms);
}
