using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ledger;

/// <summary>What became of one provider event: "did you get it, and what did you do?"</summary>
internal sealed class FindMessage(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<FindMessage>("find-message.sql");

    /// <summary>Null when the event never reached us, or its receipt was pruned.</summary>
    public async Task<MessageAccount?> RunAsync(
        TenantId tenant, string providerMessageId, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(providerMessageId));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select f.place, f.enqueued_at, f.code from find_accepted($1, $2) f")
            .With(tenant.Value)
            .With(providerMessageId));

        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken)) return Recorded(reader, providerMessageId);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new MessageAccount(
            providerMessageId, reader.GetString(0), Text(reader, 2), reader.GetFieldValue<DateTimeOffset>(1), null,
            null, null, null, null, false);
    }

    private static MessageAccount Recorded(NpgsqlDataReader reader, string providerMessageId)
    {
        string? delivery = Text(reader, 8);
        string outcome = LedgerOutcome.Of(reader.GetString(0), Text(reader, 5), delivery);
        return new MessageAccount(
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
internal sealed record MessageAccount(
    string ProviderMessageId, string Outcome, string? Reason, DateTimeOffset ReceivedAt, DateTimeOffset? RecordedAt,
    Guid? Conversation, Guid? Reply, string? Delivery, string? Receipt, bool Resent);
