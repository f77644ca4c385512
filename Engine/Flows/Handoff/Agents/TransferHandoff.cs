using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff.Agents;

/// <summary>What asking for a transfer led to.</summary>
internal enum TransferOutcome
{
    Passed,
    NoConversation,
    NoReceiver,

    /// <summary>The bot is in charge, or the conversation is closed.</summary>
    NobodyToTakeItFrom,
}

/// <summary>
/// Passes a conversation on, to a person or to a team. The customer waits again; the bot stays silent.
/// </summary>
internal sealed class TransferHandoff(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly string Sql = EngineSql.Of<TransferHandoff>("transfer-handoff.sql");

    /// <param name="team">To a team; null when <paramref name="agent"/> is given.</param>
    public async Task<TransferOutcome> RunAsync(
        TenantId tenant, ConversationId conversation, Guid? team, Guid? agent, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(conversation.Value)
            .With(team)
            .With(agent)
            .With(Ids.New(time)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return TransferOutcome.NoConversation;
        if (!reader.GetBoolean(1)) return TransferOutcome.NoReceiver;
        return reader.GetString(0) is "waiting" or "human"
            ? TransferOutcome.Passed
            : TransferOutcome.NobodyToTakeItFrom;
    }
}
