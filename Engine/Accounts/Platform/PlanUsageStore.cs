using System.Text.Json.Nodes;
using Npgsql;
using Vellarys.Accounts.Teams;
using Vellarys.Storage;

namespace Vellarys.Accounts.Platform;

/// <summary>What tenants use of their plans by the month, and what comes of it.</summary>
internal sealed class PlanUsageStore(NpgsqlDataSource database, TenantReader reader, ITenantDirectory directory)
{
    private static readonly string Standing = EngineSql.Of<PlanUsageStore>("plan-standing.sql");
    private static readonly string Add = EngineSql.Of<PlanUsageStore>("add-plan-usage.sql");

    private const string Limited =
        """
        select t.id
        from tenants t
        left join plans p on p.id = t.plan_id
        where t.plan_reached <> '{}'
            or coalesce(p.messages_a_month, p.conversations_a_month, p.model_tokens_a_month) is not null
        order by t.id
        """;

    private const string Mark =
        """
        update tenants t set plan_reached = $2,
            plan_full_since = case when 'conversations' = any ($2) then coalesce(t.plan_full_since, $3) end
        where t.id = $1 and t.plan_reached is distinct from $2
        """;

    private const string Tell = "update plan_usage u set told = u.told || $3 where u.tenant_id = $1 and u.month = $2";

    /// <summary>Tenants whose plan limits what they use in a month, or did a moment ago.</summary>
    public async Task<IReadOnlyList<TenantId>> LimitedAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Limited));
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        List<TenantId> found = [];
        while (await rows.ReadAsync(cancellationToken)) found.Add(new TenantId(rows.GetGuid(0)));
        return found;
    }

    /// <summary>Null when there is no such tenant.</summary>
    public Task<PlanStanding?> ReadAsync(TenantId tenant, CancellationToken cancellationToken) =>
        reader.FindAsync<PlanStanding>(
            tenant, new NpgsqlBatchCommand(Standing).With(tenant.Value), cancellationToken);

    /// <summary>Adds what was used since a standing was read.</summary>
    public async Task AddAsync(
        TenantId tenant, PlanStanding since, DateTime to, PlanUse use, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Add)
            .With(tenant.Value).With(since.Month).With(since.From).With(to)
            .With(use.Messages).With(use.Conversations).With(use.ModelTokens));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// The assistant knows from now on what is used up, and what is there again; staff hears once of each mark. True
    /// where something changed.
    /// </summary>
    public async Task<bool> JudgeAsync(TenantId tenant, PlanStanding standing, CancellationToken cancellationToken)
    {
        PlanMark[] marks = [.. standing.Marks];
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        NpgsqlBatchCommand mark = new NpgsqlBatchCommand(Mark)
            .With(tenant.Value).With(standing.Reached).With(standing.From);
        batch.BatchCommands.Add(mark);
        foreach (PlanMark told in marks)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Tell)
                .With(tenant.Value).With(standing.Month).With(new[] { told.Key }));
            batch.BatchCommands.Add(NotifyStaff.Command(
                tenant, conversation: null, agent: null, told.Percent < 100 ? "plan_warning" : "plan_limit",
                new JsonObject
                {
                    ["what"] = told.Amount.Name, ["used"] = told.Amount.Used, ["limit"] = told.Amount.Limit,
                }));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (mark.RecordsAffected > 0) directory.Invalidate();
        return mark.RecordsAffected > 0 || marks.Length > 0;
    }
}

/// <summary>What was used in a while.</summary>
internal sealed record PlanUse
{
    public long Messages { get; init; }

    public long Conversations { get; init; }

    public long ModelTokens { get; init; }

    /// <summary>Up to when, by the database's clock.</summary>
    public DateTime To { get; init; }
}
