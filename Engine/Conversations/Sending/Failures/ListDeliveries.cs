using System.Globalization;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending.Failures;

/// <summary>Our messages by where they stand: what failed, what waits, what is in doubt.</summary>
internal sealed class ListDeliveries(TenantReader reader, DeliveryNotes notes)
{
    private static readonly string Sql = EngineSql.Of<ListDeliveries>("list-deliveries.sql");

    public async Task<IReadOnlyList<DeliveryRow>> RunAsync(
        TenantId tenant, DeliveryFilter filter, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeliveryRow> found = await reader.QueryAsync<DeliveryRow>(
            tenant,
            new NpgsqlBatchCommand(Sql)
                .With(tenant.Value).With(filter.States).With(filter.Channel).With(filter.After).With(filter.AfterId)
                .With(filter.Rows),
            cancellationToken);
        CultureInfo culture = await notes.CultureAsync(tenant, cancellationToken);
        return [.. found.Select(d => d with { Note = DeliveryNotes.Of(d.State, d.Reason, culture) })];
    }
}

/// <param name="After">With <paramref name="AfterId"/> the last row of the page before; null at first.</param>
internal sealed record DeliveryFilter(string[] States, Guid? Channel, DateTime? After, Guid? AfterId, int Rows);

/// <summary>One message of ours on its way.</summary>
internal sealed record DeliveryRow
{
    public Guid MessageId { get; init; }

    public Guid ConversationId { get; init; }

    /// <summary>Who is in charge there now.</summary>
    public string ConversationStatus { get; init; } = "";

    public string ContactName { get; init; } = "";

    public Guid ChannelId { get; init; }

    /// <summary><c>reply</c>, <c>staff</c>, <c>system</c>, <c>campaign</c> or <c>followup</c>.</summary>
    public string Class { get; init; } = "";

    public string State { get; init; } = "";

    /// <summary><c>window_closed</c>, <c>unconfirmed</c>, <c>provider:</c> and its code, ...</summary>
    public string? Reason { get; init; }

    /// <summary>The reason in words for staff, in the tenant's language.</summary>
    public string? Note { get; init; }

    public bool Resent { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
