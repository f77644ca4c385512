using Npgsql;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Api;

/// <summary>Puts tenants, channels, conversations and messages straight into the database, past the pipeline.</summary>
internal sealed class ConversationRows(TestDatabase database)
{
    public static TimeProvider Time => TimeProvider.System;

    public async Task<TenantId> TenantAsync(string name = "Aurora Móveis")
    {
        var id = new TenantId(Ids.New(Time));
        await RunAsync("insert into tenants (id, name) values ($1, $2)", id.Value, name);
        return id;
    }

    public async Task<ChannelId> ChannelAsync(TenantId tenant, string token = "sandbox-token")
    {
        var id = new ChannelId(Ids.New(Time));
        await RunAsync(
            """
            insert into channels (tenant_id, id, kind, address, display_name, webhook_secrets)
            values ($1, $2, 'sandbox', $2::text, 'Aurora Móveis', array[$3])
            """,
            tenant.Value, id.Value, token);
        return id;
    }

    public async Task<ConversationId> ConversationAsync(
        TenantId tenant, ChannelId channel, string name = "Ana Lima", string phone = "5511990000001")
    {
        Guid contact = Ids.New(Time), lead = Ids.New(Time), id = Ids.New(Time);
        await RunAsync(
            "insert into contacts (tenant_id, id, name, phone) values ($1, $2, $3, $4)",
            tenant.Value, contact, name, phone);
        await RunAsync(
            "insert into identities (tenant_id, kind, value, contact_id) values ($1, 'phone', $2, $3)",
            tenant.Value, phone, contact);
        await RunAsync(
            "insert into leads (tenant_id, id, contact_id) values ($1, $2, $3)", tenant.Value, lead, contact);
        await RunAsync(
            """
            insert into conversations (tenant_id, id, channel_id, contact_id, lead_id, reply_to)
            values ($1, $2, $3, $4, $5, $6)
            """,
            tenant.Value, id, channel.Value, contact, lead, phone);
        return new ConversationId(id);
    }

    /// <summary>Adds a message at the end; one of ours gets a delivery in <paramref name="delivery"/>.</summary>
    public async Task<MessageId> MessageAsync(
        TenantId tenant,
        ConversationId conversation,
        string role,
        string text,
        string? externalId = null,
        string? delivery = null)
    {
        Guid id = Ids.New(Time);
        await RunAsync(
            """
            with moved as (
                update conversations set last_seq = last_seq + 1, last_message_at = clock_timestamp(),
                    listed_at = listed_at(clock_timestamp())
                where tenant_id = $1 and id = $2
                returning lead_id, channel_id, last_seq, epoch, last_message_at as at
            ),
            stored as (
                insert into messages (tenant_id, id, conversation_id, lead_id, channel_id, seq, role, body, external_id,
                    created_at)
                select $1, $3, $2, m.lead_id, m.channel_id, m.last_seq, $4, $5, $6, m.at from moved m
            )
            insert into deliveries (tenant_id, message_id, message_created_at, conversation_id, channel_id, seq, epoch,
                class, state)
            select $1, $3, m.at, $2, m.channel_id, m.last_seq, m.epoch, 'reply', $7 from moved m where $7 is not null
            """,
            tenant.Value, conversation.Value, id, role, text, externalId, delivery);
        return new MessageId(id);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using NpgsqlCommand command = database.Owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task RunAsync(string sql, params object?[] values)
    {
        await using NpgsqlCommand command = database.Owner.CreateCommand(sql);
        foreach (object? value in values)
        {
            command.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }
                : new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
