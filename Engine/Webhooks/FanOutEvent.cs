using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks;

/// <summary>
/// Makes the deliveries of an event: who wants to hear of it is found out here, not in the transaction of its cause.
/// Once for each endpoint, however often the queue hands it out.
/// </summary>
internal sealed class FanOutEvent(NpgsqlDataSource database, ReleaseDeliveries release)
{
    private static readonly string Sql = EngineSql.Of<FanOutEvent>("fan-out-event.sql");

    public async Task RunAsync(TenantId tenant, Guid @event, CancellationToken cancellationToken)
    {
        Guid[] waiting;
        await using (NpgsqlBatch batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(TenantScope.For(tenant));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(@event));
            await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
            await rows.NextResultAsync(cancellationToken);
            await rows.ReadAsync(cancellationToken);
            waiting = rows.GetFieldValue<Guid[]>(0);
        }

        // The last call may just have come back, and found nobody waiting.
        foreach (Guid endpoint in waiting)
            await release.RunAsync(tenant, endpoint, onlyWhenIdle: true, cancellationToken);
    }
}
