using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>
/// Tells an endpoint again, under the same ids: one event, or what it subscribes to since a time. Of the latter only
/// what it did not take, unless all is asked for; events of before it subscribed are among them.
/// </summary>
internal sealed class ReplayEvents(NpgsqlDataSource database, ReleaseDeliveries release)
{
    private const int Portion = 1_000;

    // Events of before the endpoint wanted them are found by looking at them: at so many a call.
    private const int Looked = 5_000;
    private static readonly string Sql = EngineSql.Of<ReplayEvents>("replay-events.sql");

    /// <param name="only">Null: all since <paramref name="since"/>.</param>
    /// <param name="after">The last event of the portion before.</param>
    /// <param name="delivered">Also what was taken already.</param>
    public async Task<ReplayOutcome> RunAsync(
        TenantId tenant, Guid endpoint, Guid? only, DateTimeOffset? since, Guid? after, bool delivered,
        CancellationToken cancellationToken)
    {
        ReplayOutcome outcome = await QueueAsync(tenant, endpoint, only, since, after, delivered, cancellationToken);
        if (outcome is ReplayOutcome.Done { Queued: > 0 })
            await release.RunAsync(tenant, endpoint, onlyWhenIdle: false, cancellationToken);
        return outcome;
    }

    private async Task<ReplayOutcome> QueueAsync(
        TenantId tenant, Guid endpoint, Guid? only, DateTimeOffset? since, Guid? after, bool delivered,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(endpoint)
            .With(only)
            .With(since)
            .With(delivered || only is not null)
            .With(Portion)
            .With(after)
            .With(Looked));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new ReplayOutcome.NotFound();
        if (!reader.GetBoolean(0)) return new ReplayOutcome.Disabled();
        long queued = reader.GetInt64(1);
        if (only is not null && queued == 0 && !reader.GetBoolean(3)) return new ReplayOutcome.NoSuchEvent();
        return new ReplayOutcome.Done(queued, only is not null || reader.IsDBNull(2) ? null : reader.GetGuid(2));
    }
}

/// <summary>What asking for a replay led to.</summary>
internal abstract record ReplayOutcome
{
    private ReplayOutcome()
    {
    }

    /// <param name="Queued">How many are told again; those that wait for their first attempt are not counted.</param>
    /// <param name="Next">The event after which the next call goes on; null at the end.</param>
    public sealed record Done(long Queued, Guid? Next) : ReplayOutcome;

    public sealed record NotFound : ReplayOutcome;

    public sealed record NoSuchEvent : ReplayOutcome;

    /// <summary>It has to be active first.</summary>
    public sealed record Disabled : ReplayOutcome;
}
