using Npgsql;
using Vellarys.Accounts;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// The two round trips behind <see cref="AnswerTurn"/>: load a set of turns, commit a set of answers.
/// </summary>
public sealed class AnswerTurnStore(NpgsqlDataSource database, IOutbox outbox, ICrashPoints crashPoints)
{
    private static readonly string HeadsSql = EngineSql.Of<AnswerTurn>("answer-heads.sql");
    private static readonly string IgnoreSql = EngineSql.Of<AnswerTurn>("ignore-turn.sql");
    private static readonly string HistorySql = EngineSql.Of<AnswerTurn>("answer-history.sql");

    /// <summary>
    /// Null for a turn that needs no answer from here: answered, overtaken by a newer turn, or no longer the bot's.
    /// Heads and history share a transaction; retrieval has its own behind an error barrier, so that its failure costs
    /// only the passages.
    /// </summary>
    internal async Task<IReadOnlyList<LoadedTurn?>> LoadAsync(IReadOnlyList<TurnDue> turns)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(turns.Select(t => new TenantId(t.Tenant))));
        batch.BatchCommands.Add(Keys(HeadsSql, turns));
        NpgsqlBatchCommand history =
            Keys(HistorySql, turns).WithColumn(turns, t => t.Turn).With(LoadedTurn.HistoryLength);
        history.AppendErrorBarrier = true;
        batch.BatchCommands.Add(history);
        TurnPassages.AddTo(batch, turns);

        var loaded = new LoadedTurn?[turns.Count];
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync()) ReadHead(reader, turns, loaded);
        await reader.NextResultAsync();
        while (await reader.ReadAsync()) loaded[reader.GetInt32(0)]?.Add(ReadLine(reader), reader.GetBoolean(12));
        await TurnPassages.ReadAsync(reader, loaded);
        return loaded;
    }

    /// <summary>True for each answer that was committed, false for one whose turn was no longer its own.</summary>
    internal async Task<IReadOnlyList<bool>> CommitAsync(IReadOnlyList<TurnCommit> answers)
    {
        using Reservation reservation = outbox.Reserve(Queues.MessageDelivery, answers.Count);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(answers.Select(a => new TenantId(a.Due.Tenant))));
        batch.BatchCommands.Add(TurnCommit.Lock(answers));
        batch.BatchCommands.Add(TurnCommit.Command(answers, reservation));
        List<ReceivedMessage> received = [.. answers.Select(a => a.Received)];
        if (outbox.CompleteCommand(received) is { } settle) batch.BatchCommands.Add(settle);

        crashPoints.Reach("answer:before-commit");
        var committed = new bool[answers.Count];
        var queued = new List<QueueMessage>();
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync())
        {
            await reader.NextResultAsync();
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
            {
                int ordinal = reader.GetInt32(0);
                committed[ordinal] = true;
                queued.Add(answers[ordinal].ToQueueMessage(reader.GetInt16(1)));
            }
        }

        crashPoints.Reach("answer:after-commit");
        await outbox.CommittedAsync(reservation, queued, received);
        return committed;
    }

    /// <summary>Ends a turn that wants no answer; nothing where it is no longer the one to answer.</summary>
    internal async Task IgnoreAsync(TurnDue due, int epoch, string reason, ReceivedMessage received)
    {
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(IgnoreSql)
            .With(due.Tenant).With(due.Conversation).With(due.Turn).With(epoch).With(reason));
        if (outbox.CompleteCommand([received]) is { } settle) batch.BatchCommands.Add(settle);
        await batch.ExecuteNonQueryAsync();
        await outbox.CommittedAsync(none, [], [received]);
    }

    /// <summary>True where the turn was still to be answered and is a person's now.</summary>
    internal async Task<bool> HandOverAsync(
        TurnDue due, Tenant tenant, string reason, TimeProvider time, CancellationToken cancellationToken)
    {
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant.Id));
        batch.BatchCommands.Add(HandOverTurn.Command(tenant, due.Conversation, due.Turn, reason, time));
        bool handedOver;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            handedOver = await reader.ReadAsync(cancellationToken);
        }

        await outbox.CommittedAsync(none, [], []);
        return handedOver;
    }

    private static NpgsqlBatchCommand Keys(string sql, IReadOnlyList<TurnDue> turns)
    {
        int ordinal = 0;
        return new NpgsqlBatchCommand(sql)
            .WithColumn(turns, _ => ordinal++)
            .WithColumn(turns, t => t.Tenant)
            .WithColumn(turns, t => t.Conversation);
    }

    private static void ReadHead(NpgsqlDataReader reader, IReadOnlyList<TurnDue> turns, LoadedTurn?[] loaded)
    {
        int ordinal = reader.GetInt32(0);
        long due = turns[ordinal].Turn;
        long current = reader.GetInt64(3), answered = reader.GetInt64(4);
        long? sealedTurn = reader.IsDBNull(5) ? null : reader.GetInt64(5);
        if (reader.GetString(1) != "bot" || answered >= due || (current != due && sealedTurn != due)) return;

        bool waitedLong = !reader.IsDBNull(6) && reader.GetBoolean(6);
        loaded[ordinal] = new LoadedTurn
        {
            Epoch = reader.GetInt32(2),
            WaitsForClosedBurst = sealedTurn > answered && sealedTurn < due && !waitedLong,
            BotAttempts = reader.GetInt16(7),
            Summary = reader.IsDBNull(8) ? null : reader.GetString(8),
            SummarySeq = reader.GetInt64(9),
            Channel = reader.GetGuid(10),
            ContactName = reader.GetString(11),
            Asking = reader.IsDBNull(12) || reader.IsDBNull(14)
                ? null
                : new AskingFlow(new FlowId(reader.GetGuid(12)), reader.GetString(13), reader.GetString(14)),
            InWindow = !reader.IsDBNull(15) && reader.GetBoolean(15),
            HasOptedOut = reader.GetBoolean(16),
            OptedBy = reader.IsDBNull(17) ? null : reader.GetGuid(17),
            BeganAt = reader.GetDateTime(18),
        };
    }

    private static StoredLine ReadLine(NpgsqlDataReader reader) => new(
        reader.GetString(1), reader.GetString(2), reader.GetString(3),
        !reader.IsDBNull(5) && reader.GetBoolean(5), reader.GetInt64(6),
        reader.IsDBNull(7) ? default : reader.GetDateTime(7), reader.IsDBNull(8) ? default : reader.GetDateTime(8),
        reader.IsDBNull(9) ? null : reader.GetString(9), !reader.IsDBNull(4),
        reader.IsDBNull(10) ? null : reader.GetString(10),
        reader.IsDBNull(11) ? null : reader.GetFieldValue<string[]>(11), reader.GetDateTime(13),
        reader.IsDBNull(4) ? null : reader.GetInt64(4), reader.GetGuid(14));
}
