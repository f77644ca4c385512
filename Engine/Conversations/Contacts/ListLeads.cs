using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Contacts;

/// <summary>The leads of a tenant, a page at a time and in one query.</summary>
internal sealed class ListLeads(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListLeads>("list-leads.sql");
    private static readonly string Active = EngineSql.Of<ListLeads>("list-active-leads.sql");

    /// <summary>The youngest first.</summary>
    public Task<IReadOnlyList<LeadRow>> RunAsync(
        TenantId tenant, LeadFilter filter, CancellationToken cancellationToken) =>
        reader.QueryAsync<LeadRow>(tenant, Query(tenant, filter), cancellationToken);

    /// <summary>Those that are open, who wrote last first; no other filter than the qualification.</summary>
    public Task<IReadOnlyList<LeadRow>> ActiveAsync(
        TenantId tenant, LeadFilter filter, CancellationToken cancellationToken) =>
        reader.QueryAsync<LeadRow>(tenant, ActiveQuery(tenant, filter), cancellationToken);

    internal static NpgsqlBatchCommand Query(TenantId tenant, LeadFilter filter) => new NpgsqlBatchCommand(Sql)
        .With(tenant.Value)
        .With(filter.Status)
        .With(filter.Qualification)
        .With(filter.Phones)
        .With(filter.Field)
        .With(SearchInput.OfName(filter.Pattern))
        .With(filter.AfterAt)
        .With(filter.AfterId)
        .With(filter.Rows)
        .With(SearchInput.OfEither(filter.Pattern))
        .OnlyGiven();

    internal static NpgsqlBatchCommand ActiveQuery(TenantId tenant, LeadFilter filter) => new NpgsqlBatchCommand(Active)
        .With(tenant.Value)
        .With(filter.Qualification)
        .With(filter.AfterAt)
        .With(filter.AfterId)
        .With(filter.Rows)
        .OnlyGiven();
}

/// <summary>Which leads are wanted; null does not matter.</summary>
/// <param name="Rows">At most.</param>
internal sealed record LeadFilter(int Rows)
{
    public string? Status { get; init; }

    public string? Qualification { get; init; }

    /// <summary>Only whose number is among these canonical ones.</summary>
    public string[]? Phones { get; init; }

    /// <summary>A JSON object that the gathered fields must hold.</summary>
    public string? Field { get; init; }

    /// <summary>Of a part of the name or the number.</summary>
    public string? Pattern { get; init; }

    /// <summary>With <see cref="AfterId"/> the last row of the page before.</summary>
    public DateTime? AfterAt { get; init; }

    public Guid? AfterId { get; init; }
}
