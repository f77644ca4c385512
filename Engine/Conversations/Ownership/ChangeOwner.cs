using Npgsql;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ownership;

/// <summary>
/// A person's wish that somebody else be in charge: locks the conversation, asks <see cref="ConversationOwner"/>, and
/// leaves the rest to <c>change_owner</c> in the database, which raises the epoch and takes back what the bot has not
/// sent yet.
/// </summary>
internal sealed class ChangeOwner(NpgsqlDataSource database, IRealtime realtime)
{
    private const string Sql =
        "select o.status, o.epoch from change_owner($1, $2, $3, person => $4, asks => $5) o";

    internal Task<OwnerChange> RunAsync(
        TenantId tenant, ConversationId conversation, string to, Guid? user, CancellationToken cancellationToken) =>
        RunAsync(tenant, conversation, to, user, isAcceptance: false, cancellationToken);

    /// <summary>
    /// Takes what is offered to <paramref name="user"/>, or to nobody; refused when somebody else is asked or in
    /// charge.
    /// </summary>
    internal Task<OwnerChange> AcceptAsync(
        TenantId tenant, ConversationId conversation, Guid user, CancellationToken cancellationToken) =>
        RunAsync(tenant, conversation, ConversationOwner.Human, user, isAcceptance: true, cancellationToken);

    private async Task<OwnerChange> RunAsync(
        TenantId tenant, ConversationId conversation, string to, Guid? user, bool isAcceptance,
        CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(connection, tenant, conversation, cancellationToken) is not { } now)
            return new OwnerChange.NotFound();
        if (ConversationOwner.Refusal(now.Status, to) is { } refusal) return refusal;
        if (isAcceptance
            && ConversationOwner.AcceptanceRefusal(now.Status, now.User, user!.Value) is { } taken) return taken;

        bool wantsAnswer = to == ConversationOwner.Bot && now.CustomerSpokeLast;
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(conversation.Value)
            .With(to)
            .With(user)
            .With(wantsAnswer));
        string status;
        int epoch;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (status, epoch) = (reader.GetString(0), reader.GetInt32(1));
        }

        await transaction.CommitAsync(cancellationToken);
        realtime.Publish(new RealtimeEvent(tenant, conversation, "charge"));
        return new OwnerChange.Changed(status, epoch);
    }

    private static async Task<Now?> LockAsync(
        NpgsqlConnection connection, TenantId tenant, ConversationId conversation, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select status, user_id from conversations where tenant_id = $1 and id = $2 for no key update")
            .With(tenant.Value)
            .With(conversation.Value));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            select m.role = 'cliente' from messages m
            where m.tenant_id = $1 and m.conversation_id = $2 and m.withdrawn_at is null and m.role <> 'sistema'
                and m.kind not in ('reaction', 'edit', 'revoke', 'system', 'group', 'request_welcome', 'call')
            order by m.created_at desc, m.seq desc limit 1
            """)
            .With(tenant.Value)
            .With(conversation.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        string status = reader.GetString(0);
        Guid? user = reader.IsDBNull(1) ? null : reader.GetGuid(1);
        await reader.NextResultAsync(cancellationToken);
        return new Now(status, user, await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0));
    }

    private sealed record Now(string Status, Guid? User, bool CustomerSpokeLast);
}
