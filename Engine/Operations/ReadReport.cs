using System.Globalization;
using System.Text.Json.Serialization;
using Vellarys.Accounts.Platform;
using Vellarys.Caching;
using Vellarys.Conversations.Ledger;

namespace Vellarys.Operations;

/// <summary>
/// What the last days were like for each company, from what is stored. Reads every message of those days, so a
/// company's figures are remembered for a minute, and the report says until when they count.
/// </summary>
internal sealed class ReadReport(TenantStore tenants, ReadTraffic traffic, Cache cache, TimeProvider time)
{
    private const int Page = 200;

    public async Task<DaysReport> RunAsync(int days, CancellationToken cancellationToken)
    {
        DateTime? since = null;
        List<TenantDays> all = [];
        for (Guid? after = null; ; after = all[^1].TenantId)
        {
            IReadOnlyList<TenantRow> rows = await tenants.ListAsync(null, after, Page, cancellationToken);
            foreach (TenantRow row in rows)
            {
                Counted counted = await CountAsync(new(row.Id), days, cancellationToken);
                all.Add(TenantDays.Of(row, counted.Traffic));
                if (since is null || counted.Until < since) since = counted.Until;
            }

            if (rows.Count == Page) continue;
            DateTime until = since ?? time.GetUtcNow().UtcDateTime;
            return new DaysReport(days, until.AddDays(-days), until, all);
        }
    }

    private ValueTask<Counted> CountAsync(TenantId tenant, int days, CancellationToken cancellationToken)
    {
        string name = "traffic:" + days.ToString(CultureInfo.InvariantCulture);
        return cache.RememberAsync(
            new CacheKey(CacheNamespace.Dashboard, tenant, name), CountedJson.Default.Counted,
            async token =>
            {
                DateTime until = time.GetUtcNow().UtcDateTime;
                return new Counted(until, await traffic.RunAsync(tenant, until.AddDays(-days), until, token));
            },
            cancellationToken);
    }
}

/// <summary>A company's figures, and up to when they were counted.</summary>
internal sealed record Counted(DateTime Until, Traffic Traffic);

[JsonSerializable(typeof(Counted))]
internal sealed partial class CountedJson : JsonSerializerContext;

/// <summary>Of every company.</summary>
/// <param name="Until">Since when some company's figures may have changed: up to a minute ago.</param>
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
