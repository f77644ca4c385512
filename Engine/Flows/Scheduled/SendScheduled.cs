using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Flows.Scheduled;

/// <summary>
/// Sends a message whose time has come. Its row leaves <c>scheduled</c> in the transaction that makes the message, so
/// that it goes out once, however often it is woken.
/// </summary>
internal sealed class SendScheduled(NpgsqlDataSource database, ICrashPoints crashPoints, TimeProvider time) : IFlowTask
{
    private static readonly string Sql = EngineSql.Of<SendScheduled>("send-scheduled.sql");

    public string Name => "scheduled-message";

    public async Task RunAsync(TenantId tenant, string? argument, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(argument, out Guid id)) throw new PermanentFault("bad_argument", "no scheduled message");
        crashPoints.Reach("scheduled:before-send");
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select s.id from scheduled_messages s where s.tenant_id = $1 and s.id = $2 for no key update")
            .With(tenant.Value)
            .With(id));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(id).With(Ids.New(time)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        crashPoints.Reach("scheduled:after-send");
    }
}
