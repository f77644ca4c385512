using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Hands a turn to the flow that has asked for it. The turn is then ignored on purpose (<c>survey_answer</c>), and the
/// flow hears <c>answered</c> in the same transaction. A turn that is no answer is left to the assistant, and the flow
/// hears <c>reopened</c>.
/// </summary>
public sealed class ReplyInterceptors(
    NpgsqlDataSource database, IOutbox outbox, IEnumerable<IReplyInterceptor> takers, SignalFlow signal,
    TimeProvider time)
{
    private static readonly string Sql = EngineSql.Of<ReplyInterceptors>("intercept-reply.sql");
    private readonly Dictionary<string, IReplyInterceptor> _takers =
        takers.ToDictionary(t => t.Flow, StringComparer.Ordinal);

    /// <summary>True when the turn needs nothing more.</summary>
    internal async Task<bool> TakeAsync(
        AskingFlow asking, TurnDue due, LoadedTurn turn, ReceivedMessage received, CancellationToken cancellationToken)
    {
        if (!_takers.TryGetValue(asking.Name, out IReplyInterceptor? taker)) return false;
        string? text = turn.UnansweredText();
        // Whoever wants no more messages is not surveyed either.
        if (text is not null && turn.OptsOut is null && taker.Takes(asking.State, text))
            return await CommitAsync(asking, due, turn.Epoch, text, received, cancellationToken);

        // The message's own key: handed out again, it is the same signal.
        await signal.RunAsync(
            new TenantId(due.Tenant), asking.Id, received.Message.Id, Body("reopened", due, text ?? ""),
            cancellationToken);
        return false;
    }

    /// <summary>False when the flow no longer asks, or the turn is no longer ours to settle.</summary>
    private async Task<bool> CommitAsync(
        AskingFlow asking, TurnDue due, int epoch, string text, ReceivedMessage received,
        CancellationToken cancellationToken)
    {
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(due.Tenant)
            .With(due.Conversation)
            .With(due.Turn)
            .With(epoch)
            .With(asking.Id.Value)
            .With(Ids.New(time))
            .With(Body("answered", due, text)));
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken)) return false;
        }

        await using var settle = new NpgsqlBatch(connection, transaction);
        if (outbox.CompleteCommand([received]) is { } command)
        {
            settle.BatchCommands.Add(command);
            await settle.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        await outbox.CommittedAsync(none, [], [received]);
        return true;
    }

    private static string Body(string kind, TurnDue due, string text) => JsonSerializer.Serialize(
        new TurnSignal(kind, text, due.Conversation, due.Turn), TurnSignalJson.Default.TurnSignal);
}

/// <summary>What a flow hears of a turn: <c>answered</c> or <c>reopened</c>.</summary>
internal sealed record TurnSignal(string Kind, string Text, Guid Conversation, long Turn);

[JsonSerializable(typeof(TurnSignal))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class TurnSignalJson : JsonSerializerContext;
