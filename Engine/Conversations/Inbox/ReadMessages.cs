using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Storage;

namespace Vellarys.Conversations.Inbox;

/// <summary>The messages of a conversation, newest first, with where each outbound one stands.</summary>
internal sealed class ReadMessages(TenantReader reader, DeliveryNotes notes)
{
    private static readonly string Sql = EngineSql.Of<ReadMessages>("read-messages.sql");

    /// <param name="beforeAt">
    /// With <paramref name="beforeSeq"/> the oldest row of the page before; null at first.
    /// </param>
    public async Task<IReadOnlyList<MessageRow>> RunAsync(
        TenantId tenant,
        ConversationId conversation,
        DateTime? beforeAt,
        long? beforeSeq,
        int rows,
        CancellationToken cancellationToken)
    {
        NpgsqlBatchCommand query = new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(conversation.Value).With(beforeAt).With(beforeSeq).With(rows);
        IReadOnlyList<MessageRow> found = await reader.QueryAsync<MessageRow>(tenant, query, cancellationToken);
        CultureInfo culture = await notes.CultureAsync(tenant, cancellationToken);
        return
        [
            .. found.Select(m => m with { DeliveryNote = DeliveryNotes.Of(m.Delivery, m.DeliveryReason, culture) }),
        ];
    }
}

/// <summary>One message.</summary>
internal sealed record MessageRow
{
    public Guid Id { get; init; }

    /// <summary>Its place in the conversation.</summary>
    public long Seq { get; init; }

    /// <summary><c>cliente</c>, <c>atendente</c>, <c>bot</c> or <c>sistema</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary>The provider's type, <c>text</c> mostly.</summary>
    public string Kind { get; init; } = "";

    public string Text { get; init; } = "";

    /// <summary>What came beside the text: <c>name</c> and <c>value</c> of each; null for nothing.</summary>
    public JsonElement? Details => DetailsText is null ? null : JsonElement.Parse(DetailsText);

    [JsonIgnore]
    public string? DetailsText { get; init; }

    /// <summary>
    /// The file that came or went with it: <c>id</c> (for <c>GET /api/v1/media/{id}</c>), <c>kind</c>, <c>state</c>,
    /// <c>mimeType</c>, <c>fileName</c>, <c>sizeBytes</c> and so on; null for none.
    /// </summary>
    public JsonElement? Media => MediaText is null ? null : JsonElement.Parse(MediaText);

    [JsonIgnore]
    public string? MediaText { get; init; }

    /// <summary>The provider's id of the message that this one quotes, reacts to, edits or revokes.</summary>
    public string? QuotedMessageId { get; init; }

    /// <summary>Who had said it; null where that message is not known here.</summary>
    public string? QuotedRole { get; init; }

    public string? QuotedText { get; init; }

    /// <summary>When the customer edited it; the text is the new one.</summary>
    public DateTime? EditedAt { get; init; }

    /// <summary>When the customer deleted it; the text is gone.</summary>
    public DateTime? WithdrawnAt { get; init; }

    /// <summary>The provider's id; null while an outbound message has none.</summary>
    public string? ProviderMessageId { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>
    /// <c>pending</c>, <c>sending</c>, <c>sent</c>, <c>failed</c>, <c>unknown</c> or <c>cancelled</c>; null for what
    /// was not ours to send.
    /// </summary>
    public string? Delivery { get; init; }

    /// <summary><c>delivered</c>, <c>read</c> or <c>played</c>, as far as the provider reported.</summary>
    public string? Receipt { get; init; }

    /// <summary>Why it failed or was cancelled.</summary>
    public string? DeliveryReason { get; init; }

    /// <summary>The same in words for staff, in the tenant's language; null for what needs none.</summary>
    public string? DeliveryNote { get; init; }

    /// <summary>Sent once more after an unknown outcome: the customer may have it twice.</summary>
    public bool Resent { get; init; }
}
