using Npgsql;
using Vellarys.Accounts;
using Vellarys.Storage;

namespace Vellarys.Flows.Watch;

/// <summary>What stands still: flows, customers who wait, questions without an answer.</summary>
internal sealed class FindStuckFlows(TenantReader reader)
{
    /// <summary>How long anything may take before it counts.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private static readonly string Sql = EngineSql.Of<FindStuckFlows>("flow-findings.sql");

    /// <summary>The oldest first, at most 1,000.</summary>
    public Task<IReadOnlyList<Standstill>> RunAsync(
        Tenant tenant, TimeSpan grace, CancellationToken cancellationToken) =>
        reader.QueryAsync<Standstill>(
            tenant.Id,
            new NpgsqlBatchCommand(Sql)
                .With(tenant.Id.Value)
                .With(grace)
                .With(tenant.Settings.Handoff.FirstResponseMinutes),
            cancellationToken);
}

/// <summary>Something that stands still.</summary>
internal sealed record Standstill
{
    /// <summary>
    /// <c>wake_overdue</c>, <c>signal_unseen</c>, <c>no_progress</c>, <c>waiting_without_handoff</c>,
    /// <c>waiting_too_long</c>, <c>bot_without_answer</c>.
    /// </summary>
    public string Kind { get; init; } = "";

    public Guid? FlowId { get; init; }

    public string Flow { get; init; } = "";

    public Guid ConversationId { get; init; }

    public long AgeSeconds { get; init; }

    /// <summary>The code of the last failed advance, if any.</summary>
    public string? Fault { get; init; }

    /// <summary>How often it was restarted, or redriven.</summary>
    public int Restarts { get; init; }
}
