using Npgsql;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Calls a person for a turn that cannot be answered: the conversation waits for one, the turn has failed in the books,
/// and the customer is told.
/// </summary>
internal static class HandOverTurn
{
    private static readonly string Sql = EngineSql.Of<AnswerTurn>("hand-over-turn.sql");

    /// <summary>Returns a row where it did.</summary>
    /// <param name="reason">Goes to the turn's outcome.</param>
    public static NpgsqlBatchCommand Command(
        Tenant tenant, Guid conversation, long turn, string reason, TimeProvider time) =>
        new NpgsqlBatchCommand(Sql)
            .With(tenant.Id.Value)
            .With(conversation)
            .With(turn)
            .With(Ids.New(time))
            .With(Texts.Get(Texts.CouldNotAnswer, tenant.Locale))
            .With(Ids.New(time))
            .With(reason);
}
