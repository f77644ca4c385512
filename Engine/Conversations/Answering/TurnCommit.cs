using System.Text.Json;
using Npgsql;
using Vellarys.Assistant;
using Vellarys.Assistant.Model;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>An answer on its way into the books.</summary>
internal sealed record TurnCommit(
    TurnDue Due, LoadedTurn Turn, TurnAnswer Answer, ReceivedMessage Received, Guid MessageId, Guid QueueId,
    string Reason)
{
    private static readonly string LockSql = EngineSql.Of<AnswerTurn>("answer-lock.sql");
    private static readonly string Sql = EngineSql.Of<AnswerTurn>("answer-commit.sql");

    public static NpgsqlBatchCommand Lock(IReadOnlyList<TurnCommit> answers) =>
        new NpgsqlBatchCommand(LockSql)
            .WithColumn(answers, a => a.Due.Tenant)
            .WithColumn(answers, a => a.Due.Conversation);

    public static NpgsqlBatchCommand Command(IReadOnlyList<TurnCommit> answers, Reservation reservation)
    {
        int ordinal = 0;
        return new NpgsqlBatchCommand(Sql)
            .WithColumn(answers, _ => ordinal++)
            .WithColumn(answers, a => a.Due.Tenant)
            .WithColumn(answers, a => a.Due.Conversation)
            .WithColumn(answers, a => a.Due.Turn)
            .WithColumn(answers, a => a.Turn.Epoch)
            .WithColumn(answers, a => a.MessageId)
            .WithColumn(answers, a => CleanText.Of(a.Answer.Reply))
            .WithColumn(answers, a => a.Answer.Handoff is { } reason ? Labels.Of(reason) : null)
            .WithColumn(answers, a => a.Answer.Helped)
            .WithColumn(answers, a => a.Answer.NewSummary is { } summary ? CleanText.Of(summary) : null)
            .WithColumn(answers, a => Labels.Of(a.Answer.Source))
            .WithColumn(answers, a => CleanText.Of(a.Answer.Intent))
            .WithColumn(answers, a => Labels.Of(a.Answer.Sentiment))
            .WithColumn(answers, a => Labels.Of(a.Answer.Qualification))
            .WithColumn(answers, a => Math.Clamp(a.Answer.Score, 0, 100))
            .WithColumn(answers, a => Fields(a.Answer.Fields))
            .WithColumn(answers, a => a.Answer.Usage.Model)
            .WithColumn(answers, a => a.Answer.Usage.InputTokens)
            .WithColumn(answers, a => a.Answer.Usage.OutputTokens)
            .WithColumn(answers, a => a.Answer.Usage.Calls)
            .WithColumn(answers, a => a.Answer.Usage.LatencyMs)
            .WithColumn(answers, a => a.QueueId)
            .WithColumn(answers, a => a.Reason)
            .WithColumn(answers, a => a.Received.Message.TraceParent)
            .With(reservation.Count)
            .With(reservation.Owner)
            .With(reservation.LockFor);
    }

    // Whoever wrote it: what the database refuses would cost the turn.
    private static string? Fields(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count == 0) return null;
        var clean = new Dictionary<string, string>(fields.Count);
        foreach ((string name, string value) in fields) clean[CleanText.Of(name)] = CleanText.Of(value);
        return JsonSerializer.Serialize(clean);
    }

    /// <summary>The delivery's queue message as <c>answer-commit.sql</c> wrote it.</summary>
    public QueueMessage ToQueueMessage(short priority) =>
        new(Queues.MessageDelivery, QueueId, $$"""{"v":1,"tenant":"{{Due.Tenant}}","message":"{{MessageId}}"}""")
        {
            Tenant = new TenantId(Due.Tenant),
            Subject = MessageId.ToString(),
            Priority = (QueuePriority)priority,
            TraceParent = Received.Message.TraceParent,
        };
}
