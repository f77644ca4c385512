using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>
/// Tells the handoffs that wait for a person to look again, in the transaction that gave them a reason to. A statement
/// inserts the hint; the NOTIFY goes out with the commit, and one without a hint costs a look into an empty queue.
/// </summary>
internal static class WakeHandoffs
{
    /// <summary>Adds the id and the body of the hint as the next two parameters of the statement.</summary>
    public static NpgsqlBatchCommand WithHint(this NpgsqlBatchCommand command, TenantId tenant, TimeProvider time) =>
        command.With(Ids.New(time)).With($$"""{"v":1,"tenant":"{{tenant}}","errand":"dispatch"}""");

    public static NpgsqlBatchCommand Notify() =>
        new NpgsqlBatchCommand("select pg_notify('vellarys_queue', $1)").With(Queues.FlowEvents);
}
