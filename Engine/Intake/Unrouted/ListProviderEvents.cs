using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// What a provider said about a tenant's numbers that is neither a message nor a status: quality, templates, limits,
/// and whatever it could not be understood as. The latest first.
/// </summary>
internal sealed class ListProviderEvents(TenantReader reader)
{
    public Task<IReadOnlyList<ProviderEventRow>> RunAsync(
        TenantId tenant, DateTime? beforeAt, string? beforeId, int rows, CancellationToken cancellationToken)
    {
        NpgsqlBatchCommand query = new NpgsqlBatchCommand("""
            select r.provider_message_id as "EventId", r.channel_id as "ChannelId",
                replace(r.outcome, 'ignored:', '') as "Type", r.raw as "Raw", r.recorded_at as "RecordedAt"
            from receipts r
            where r.tenant_id = $1 and r.kind = 'U'
                and ($2::timestamptz is null or (r.recorded_at, r.provider_message_id) < ($2, $3))
            order by r.recorded_at desc, r.provider_message_id desc
            limit $4
            """)
            .With(tenant.Value).With(beforeAt).With(beforeId).With(rows);
        return reader.QueryAsync<ProviderEventRow>(tenant, query, cancellationToken);
    }
}

/// <summary>One of them, as the provider wrote it.</summary>
internal sealed record ProviderEventRow
{
    public string EventId { get; init; } = "";

    public Guid ChannelId { get; init; }

    /// <summary>The provider's word for it.</summary>
    public string Type { get; init; } = "";

    /// <summary>Text, because it may be JSON that no JSON writer would write.</summary>
    public string? Raw { get; init; }

    public DateTime RecordedAt { get; init; }
}
