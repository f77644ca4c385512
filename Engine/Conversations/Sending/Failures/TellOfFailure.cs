using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Accounts.Teams;
using Vellarys.Conversations.Ownership;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending.Failures;

/// <summary>
/// A message of ours failed for good: staff hears of it, once. Where the bot is in charge the customer waits for a
/// person from now on; whoever is in charge finds a notification.
/// </summary>
public sealed class TellOfFailure(NpgsqlDataSource database, IRealtime realtime, ILogger<TellOfFailure> logger)
{
    // Whoever changes who is in charge locks the conversation first and its deliveries then: so does this.
    private const string Lock =
        """
        select c.id from conversations c
        where c.tenant_id = $1 and c.id = (
            select d.conversation_id from deliveries d where d.tenant_id = $1 and d.message_id = $2)
        for no key update
        """;

    private static readonly string Sql = EngineSql.Of<TellOfFailure>("deliver-tell.sql");

    /// <summary>What it cannot do while the database is away is done by <see cref="SweepDeliveries"/>.</summary>
    internal async Task RunAsync(DeliveryDue due)
    {
        try
        {
            if (await TellAsync(new TenantId(due.Tenant), new MessageId(due.Message)) is not { } failure) return;
            Log.DeliveryFailed(logger, failure.Conversation, new TenantId(due.Tenant), failure.Class, failure.Reason);
            var tenant = new TenantId(due.Tenant);
            realtime.Publish(new RealtimeEvent(tenant, failure.Conversation, "delivery"));
            if (failure.Called) realtime.Publish(new RealtimeEvent(tenant, failure.Conversation, "charge"));
        }
        catch (NpgsqlException e) when (TransientErrors.HitsEveryItem(e))
        {
            Log.FailureUntold(logger, new TenantId(due.Tenant));
        }
    }

    private async Task<Failure?> TellAsync(TenantId tenant, MessageId message)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        Failure? failure = await TakeNoteAsync(connection, transaction, tenant, message);
        if (failure is { IsStaffs: true })
        {
            await using var notify = new NpgsqlBatch(connection, transaction);
            notify.BatchCommands.Add(NotifyStaff.Command(
                tenant, failure.Conversation, failure.Agent, "delivery_failed",
                new() { ["message"] = message.Value, ["reason"] = failure.Reason }));
            await notify.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
        return failure;
    }

    private static async Task<Failure?> TakeNoteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, TenantId tenant, MessageId message)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock).With(tenant.Value).With(message.Value));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(message.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.NextResultAsync();
        if (!await reader.ReadAsync()) return null;
        string @class = reader.GetString(1), status = reader.GetString(3);
        return new Failure(
            new ConversationId(reader.GetGuid(0)), @class, reader.IsDBNull(2) ? "failed" : reader.GetString(2),
            reader.IsDBNull(4) || status != ConversationOwner.Human ? null : reader.GetGuid(4),
            @class == "staff" || status == ConversationOwner.Human, reader.GetBoolean(5));
    }

    /// <param name="Agent">In charge; null for nobody in particular.</param>
    /// <param name="IsStaffs">A person wrote it, or is in charge, and must look again.</param>
    /// <param name="Called">A person was called.</param>
    private sealed record Failure(
        ConversationId Conversation, string Class, string Reason, Guid? Agent, bool IsStaffs, bool Called);
}
