using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ledger;

/// <summary>What became of one provider event: "did you get it, and what did you do?"</summary>
internal sealed class FindMessage(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<FindMessage>("find-message.sql");

    /// <summary>Null when the event never reached us, or its receipt was pruned.</summary>
    public async Task<MessageCustody?> RunAsync(
        TenantId tenant, string providerMessageId, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(providerMessageId));
        batch.BatchCommands.Add(Elsewhere("""
            select 'queued', enqueued_at, null::text from queue_messages
            where tenant_id = $1 and queue = 'message-processing' and subject = $2 limit 1
            """));
        batch.BatchCommands.Add(Elsewhere("""
            select 'dead_letter', enqueued_at, code from queue_dead_letters
            where tenant_id = $1 and queue = 'message-processing' and subject = $2 limit 1
            """));

        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken)) return Recorded(reader, providerMessageId);
        while (await reader.NextResultAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken)) continue;
            return new MessageCustody(
                providerMessageId, reader.GetString(0), Text(reader, 2), reader.GetFieldValue<DateTimeOffset>(1), null,
                null, null, null, null, false);
        }

        return null;

        NpgsqlBatchCommand Elsewhere(string sql) =>
            new NpgsqlBatchCommand(sql).With(tenant.Value).With(providerMessageId);
    }

    private static MessageCustody Recorded(NpgsqlDataReader reader, string providerMessageId)
    {
        string? turnOutcome = Text(reader, 5), delivery = Text(reader, 8);
        string outcome = (turnOutcome, delivery) switch
        {
            _ when reader.GetString(0) != "M" => "ignored",
            (null, _) => "open",
            ("replied", "sent") => "replied",
            ("replied", "failed") => "failed",
            ("replied", "cancelled") => "handed_off",
            ("replied", _) => "open",
            _ => turnOutcome!,
        };
        return new MessageCustody(
            providerMessageId, outcome, Text(reader, 10) ?? Text(reader, 6) ?? Text(reader, 1),
            reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3),
            reader.IsDBNull(4) ? null : reader.GetGuid(4), reader.IsDBNull(7) ? null : reader.GetGuid(7), delivery,
            Text(reader, 9), !reader.IsDBNull(11) && reader.GetBoolean(11));
    }

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>Where one provider event stands.</summary>
/// <param name="Outcome">
/// <c>queued</c>, <c>dead_letter</c>, <c>open</c>, <c>replied</c>, <c>handed_off</c>, <c>ignored</c> or <c>failed</c>.
/// </param>
/// <param name="Reason">Why, as a stable code; null where the outcome says it all.</param>
/// <param name="Delivery">State of the reply's delivery; null without a reply.</param>
/// <param name="Receipt">What the customer's phone reported of the reply.</param>
/// <param name="Resent">The reply was sent a second time because the first send stayed unknown.</param>
internal sealed record MessageCustody(
    string ProviderMessageId, string Outcome, string? Reason, DateTimeOffset ReceivedAt, DateTimeOffset? RecordedAt,
    Guid? Conversation, Guid? Reply, string? Delivery, string? Receipt, bool Resent);
