using Npgsql;
using Vellarys.Accounts;
using Vellarys.Storage;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>A tenant's campaigns, and what became of each contact of one.</summary>
internal sealed class ListCampaigns(TenantReader reader, ITenantDirectory tenants)
{
    private const string ProgressSql =
        """
        select o.variant as "Variant", o.outcome as "Outcome",
            case when o.outcome in ('skipped', 'failed') then o.reason end as "Reason", count(*) as "Count"
        from campaign_outcomes o
        where o.tenant_id = $1 and o.campaign_id = $2
        group by 1, 2, 3
        """;

    private static readonly string Sql = EngineSql.Of<ListCampaigns>("list-campaigns.sql");
    private static readonly string RecipientsSql = EngineSql.Of<ListCampaigns>("list-recipients.sql");

    /// <summary>The youngest first.</summary>
    public Task<IReadOnlyList<CampaignRow>> RunAsync(
        TenantId tenant, string? status, DateTime? afterAt, Guid? afterId, int rows,
        CancellationToken cancellationToken) =>
        reader.QueryAsync<CampaignRow>(
            tenant, Query(tenant, null, status, afterAt, afterId, rows), cancellationToken);

    /// <summary>Null when the tenant has no such campaign.</summary>
    public async Task<CampaignDetail?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        CampaignDetail? found =
            await reader.FindAsync<CampaignDetail>(tenant, Query(tenant, id, null, null, null, 1), cancellationToken);
        if (found is null) return null;
        IReadOnlyList<Outcomes> outcomes = await reader.QueryAsync<Outcomes>(
            tenant, new NpgsqlBatchCommand(ProgressSql).With(tenant.Value).With(id), cancellationToken);
        CampaignSettings settings =
            (await tenants.FindAsync(tenant, cancellationToken))?.Settings.Campaigns ?? new();
        IReadOnlyList<CampaignVariant> variants = found.Variants;
        CampaignProgress[] each =
            [.. variants.Select((_, i) => Progress(outcomes.Where(o => o.Variant == i)))];
        return found with
        {
            Progress = Progress(outcomes),
            ByVariant = each,
            Reasons = outcomes.Where(o => o.Reason is not null).GroupBy(o => o.Reason!)
                .ToDictionary(g => g.Key, g => g.Sum(o => o.Count)),
            CostBefore = CampaignCost.Of(variants, [.. each.Select(p => (int)(Gone(p) + p.Waiting))], settings),
            CostAfter = CampaignCost.Of(variants, [.. each.Select(p => (int)Gone(p))], settings),
        };
    }

    public Task<IReadOnlyList<RecipientRow>> RecipientsAsync(
        TenantId tenant, Guid campaign, string? outcome, int? after, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<RecipientRow>(
            tenant,
            new NpgsqlBatchCommand(RecipientsSql)
                .With(tenant.Value)
                .With(campaign)
                .With(outcome)
                .With(after)
                .With(rows)
                .OnlyGiven(),
            cancellationToken);

    private static NpgsqlBatchCommand Query(
        TenantId tenant, Guid? id, string? status, DateTime? afterAt, Guid? afterId, int rows) =>
        new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(id)
            .With(status)
            .With(afterAt)
            .With(afterId)
            .With(rows)
            .OnlyGiven();

    private static long Gone(CampaignProgress p) => p.Queued + p.Unknown + p.Sent + p.Delivered + p.Read;

    private static CampaignProgress Progress(IEnumerable<Outcomes> outcomes)
    {
        Dictionary<string, long> by = outcomes
            .GroupBy(o => o.Outcome).ToDictionary(g => g.Key, g => g.Sum(o => o.Count));
        return new CampaignProgress
        {
            Waiting = by.GetValueOrDefault("waiting"),
            Queued = by.GetValueOrDefault("queued"),
            Unknown = by.GetValueOrDefault("unknown"),
            Sent = by.GetValueOrDefault("sent"),
            Delivered = by.GetValueOrDefault("delivered"),
            Read = by.GetValueOrDefault("read"),
            Failed = by.GetValueOrDefault("failed"),
            Skipped = by.GetValueOrDefault("skipped"),
            Cancelled = by.GetValueOrDefault("cancelled"),
        };
    }

    private sealed record Outcomes
    {
        public int Variant { get; init; }

        public string Outcome { get; init; } = "";

        public string? Reason { get; init; }

        public long Count { get; init; }
    }
}
