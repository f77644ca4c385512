using System.Text.Json;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Conversations.Inbox;

/// <summary>One conversation with what is known of its contact and of the last answer.</summary>
internal sealed class ReadConversation(TenantReader reader, ServiceWindows windows)
{
    private static readonly string Sql = EngineSql.Of<ReadConversation>("read-conversation.sql");

    /// <summary>Null when the tenant has no such conversation.</summary>
    public Task<ConversationDetail?> RunAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken)
    {
        NpgsqlBatchCommand query = new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(conversation.Value).With(windows.Kinds);
        return reader.FindAsync<ConversationDetail>(tenant, query, cancellationToken);
    }
}

/// <summary>One conversation as staff sees it.</summary>
internal sealed record ConversationDetail
{
    public Guid Id { get; init; }

    public Guid ChannelId { get; init; }

    /// <summary><c>bot</c>, <c>waiting</c>, <c>human</c> or <c>closed</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>
    /// While <c>human</c>: <c>phone</c> when it was taken by writing on the company's phone, else <c>staff</c>.
    /// </summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Raised by every takeover.</summary>
    public int Epoch { get; init; }

    public Guid? UserId { get; init; }

    public Guid ContactId { get; init; }

    public string ContactName { get; init; } = "";

    public string? ContactPhone { get; init; }

    /// <summary>When the contact asked for no more marketing; null if never.</summary>
    public DateTime? OptedOutAt { get; init; }

    public string Qualification { get; init; } = "";

    public short Score { get; init; }

    /// <summary>What the customer told about the purchase.</summary>
    public JsonElement Fields => JsonElement.Parse(FieldsText);

    [System.Text.Json.Serialization.JsonIgnore]
    public string FieldsText { get; init; } = "{}";

    /// <summary>The assistant owes an answer.</summary>
    public bool Answering { get; init; }

    public string? HandoffReason { get; init; }

    /// <summary>The assistant's summary of what came before its history; null while there is none.</summary>
    public string? Summary { get; init; }

    /// <summary>From the last answer: a short label of what the customer wants.</summary>
    public string? Intent { get; init; }

    /// <summary>From the last answer: <c>neutral</c>, <c>positive</c> or <c>negative</c>.</summary>
    public string? Sentiment { get; init; }

    /// <summary>
    /// Until when free text can be sent, later only an approved template; null where the provider has no such window.
    /// </summary>
    public DateTime? WindowEndsAt { get; init; }

    public DateTime LastMessageAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? ClosedAt { get; init; }
}
