using Npgsql;
using Vellarys.Channels;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ownership;

/// <summary>A person in charge writes to the customer. Overtakes the backlog.</summary>
internal sealed class ReplyAsStaff(
    NpgsqlDataSource database, ServiceWindows windows, IRealtime realtime, TimeProvider time)
{
    /// <summary>WhatsApp's own limit on a text, in characters.</summary>
    public const int MaxLength = 4096;

    private const string LockSql =
        "select 1 from conversations where tenant_id = $1 and id = $2 for no key update";

    private static readonly string Sql = EngineSql.Of<ReplyAsStaff>("reply-as-staff.sql");

    public async Task<StaffReply> RunAsync(
        TenantId tenant, ConversationId conversation, string text, CancellationToken cancellationToken,
        ReplyContent? content = null)
    {
        if (string.IsNullOrWhiteSpace(text) && content?.Media is null)
            return new StaffReply.Refused("text_empty", "A reply needs a text.");
        if (text.Length > MaxLength)
            return new StaffReply.Refused("text_too_long", $"A reply has at most {MaxLength} characters.");

        var id = new MessageId(Ids.New(time));
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        // Whoever gives the conversation back meanwhile comes before or after, never in between.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LockSql).With(tenant.Value).With(conversation.Value));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(conversation.Value)
            .With(id.Value)
            .With(text)
            .With(Ids.New(time))
            .With(windows.Kinds)
            .With(content?.Kind ?? "text")
            .With(content?.Content?.ToJson())
            .With(content?.Quotes)
            .With(content?.Media));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new StaffReply.NotFound();
        if (!reader.GetBoolean(6))
            return new StaffReply.Refused("no_such_message", "The quoted message is none of this conversation.");
        if (!reader.GetBoolean(5))
        {
            return new StaffReply.Refused(
                "media_not_sendable",
                "There is no such upload of that kind, or it went with another message already.");
        }

        if (!reader.GetBoolean(1))
            return new StaffReply.Refused("not_in_charge", "Take the conversation over before replying.");
        realtime.Publish(new RealtimeEvent(tenant, conversation, "message"));
        if (reader.GetBoolean(2))
        {
            return new StaffReply.Refused(
                "outside_window",
                "The customer's last message is older than 24 hours: only an approved template can be sent now.");
        }

        return new StaffReply.Queued(id);
    }
}

/// <summary>What asking for a staff reply led to.</summary>
public abstract record StaffReply
{
    private StaffReply()
    {
    }

    public sealed record Queued(MessageId Id) : StaffReply;

    public sealed record NotFound : StaffReply;

    /// <param name="Code">Stable, e.g. <c>not_in_charge</c>.</param>
    public sealed record Refused(string Code, string Reason) : StaffReply;
}
