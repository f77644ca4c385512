using Npgsql;
using Vellarys.Accounts.Platform;
using Vellarys.Storage;

namespace Vellarys.Conversations.Plans;

/// <summary>
/// Counts on what a tenant used of its plan: only what came since the last time, from what is stored anyway, so that a
/// message costs nothing for it.
/// </summary>
/// <param name="behind">So long after it was stored a row is visible, however slow its commit.</param>
internal sealed class CountPlanUse(TenantReader reader, PlanUsageStore usage, TimeSpan behind)
{
    private static readonly string Sql = EngineSql.Of<CountPlanUse>("count-plan-use.sql");

    // A key is made before the row is stored: by a host's clock, and a while before.
    private static readonly TimeSpan KeyBefore = TimeSpan.FromHours(1);

    public CountPlanUse(TenantReader reader, PlanUsageStore usage)
        : this(reader, usage, TimeSpan.FromSeconds(10))
    {
    }

    /// <summary>How far the tenant is; null when there is none such.</summary>
    public async Task<PlanStanding?> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (await usage.ReadAsync(tenant, cancellationToken) is not { } before) return null;
        PlanUse? use = await reader.FindAsync<PlanUse>(
            tenant,
            new NpgsqlBatchCommand(Sql)
                .With(tenant.Value).With(before.From).With(behind).With(Ids.FloorOf(before.From - KeyBefore)),
            cancellationToken);
        await usage.AddAsync(tenant, before, use!.To, use, cancellationToken);
        return await usage.ReadAsync(tenant, cancellationToken);
    }
}
