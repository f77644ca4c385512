using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Leaves a turn unanswered because <see cref="LoopGuard"/> sees another automatic reply on the other side. The
/// conversation waits for a person, with the reason <c>loop</c> and one note; the bot is back once it is given back,
/// and counts anew.
/// </summary>
public sealed class StopLoop(
    NpgsqlDataSource database, IOutbox outbox, LimitsOptions limits, TimeProvider time, ILogger<StopLoop> logger)
{
    private static readonly string Sql = EngineSql.Of<StopLoop>("stop-loop.sql");

    internal bool Sees(LoadedTurn turn) => limits.StopsLoops && turn.IsLoop;

    /// <summary>False when the turn was no longer the one to answer.</summary>
    internal async Task<bool> RunAsync(TurnDue due, int epoch, Tenant tenant, ReceivedMessage received)
    {
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant.Id));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(due.Tenant)
            .With(due.Conversation)
            .With(due.Turn)
            .With(epoch)
            .With(Ids.New(time))
            .With(StaffNotes.Of("loop", tenant.Locale)));
        if (outbox.CompleteCommand([received]) is { } settle) batch.BatchCommands.Add(settle);
        bool stopped;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            stopped = await reader.ReadAsync();
        }

        await outbox.CommittedAsync(none, [], [received]);
        if (stopped) Log.LoopStopped(logger, tenant.Id, new ConversationId(due.Conversation));
        return stopped;
    }
}
