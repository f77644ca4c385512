using Npgsql;
using Vellarys.Assistant;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Retrieval for a set of turns, behind an error barrier of the loading batch: its own transaction in the same round
/// trip, so that a broken index or a slow search costs passages and never an answer.
/// </summary>
internal static class TurnPassages
{
    private static readonly string Sql = EngineSql.Of<AnswerTurn>("answer-passages.sql");

    public static void AddTo(NpgsqlBatch batch, IReadOnlyList<TurnDue> turns)
    {
        int ordinal = 0;
        batch.BatchCommands.Add(TenantScope.For(turns.Select(t => new TenantId(t.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('statement_timeout', '2s', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .WithColumn(turns, _ => ordinal++)
            .WithColumn(turns, t => t.Tenant)
            .WithColumn(turns, t => t.Conversation)
            .WithColumn(turns, t => t.Turn));
    }

    /// <summary>Reads what <see cref="AddTo"/> asked for. Ends normally when the search failed.</summary>
    public static async Task<PostgresException?> ReadAsync(NpgsqlDataReader reader, LoadedTurn?[] loaded)
    {
        try
        {
            await reader.NextResultAsync();
            await reader.NextResultAsync();
            await reader.NextResultAsync();
            while (await reader.ReadAsync())
                loaded[reader.GetInt32(0)]?.Passages.Add(new Passage(reader.GetString(1), reader.GetString(2)));
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }
}
