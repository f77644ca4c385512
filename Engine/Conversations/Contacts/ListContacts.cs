using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Contacts;

/// <summary>The customers of a tenant, the youngest first, a page at a time and in one query.</summary>
internal sealed class ListContacts(TenantReader reader)
{
    private const string One =
        """
        select p.id as "Id", p.name as "Name", p.phone as "Phone", p.status as "Status", p.client_id as "ClientId",
            p.metadata::text as "MetadataText", p.opted_out_at as "OptedOutAt", p.created_at as "CreatedAt",
            p.updated_at as "UpdatedAt"
        from contacts p
        where p.tenant_id = $1 and p.id = $2 and p.status <> 'erased'
        """;

    private static readonly string Sql = EngineSql.Of<ListContacts>("list-contacts.sql");

    public Task<IReadOnlyList<ContactRow>> RunAsync(
        TenantId tenant, ContactFilter filter, CancellationToken cancellationToken) =>
        reader.QueryAsync<ContactRow>(tenant, Query(tenant, filter), cancellationToken);

    /// <summary>Null when the tenant has no such contact.</summary>
    public Task<ContactRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        reader.FindAsync<ContactRow>(
            tenant, new NpgsqlBatchCommand(One).With(tenant.Value).With(id), cancellationToken);

    internal static NpgsqlBatchCommand Query(TenantId tenant, ContactFilter filter) => new NpgsqlBatchCommand(Sql)
        .With(tenant.Value)
        .With(SearchInput.OfName(filter.Pattern))
        .With(filter.Phones)
        .With(filter.Status)
        .With(filter.ClientId)
        .With(filter.Field)
        .With(filter.After)
        .With(filter.Rows)
        .With(SearchInput.OfEither(filter.Pattern))
        .OnlyGiven();
}

/// <summary>Which contacts are wanted; null does not matter.</summary>
/// <param name="Rows">At most.</param>
internal sealed record ContactFilter(int Rows)
{
    /// <summary>Of a part of the name or the number.</summary>
    public string? Pattern { get; init; }

    /// <summary>Only whose number is among these canonical ones.</summary>
    public string[]? Phones { get; init; }

    public string? Status { get; init; }

    /// <summary>The company's own id.</summary>
    public string? ClientId { get; init; }

    /// <summary>A JSON object that the metadata must hold.</summary>
    public string? Field { get; init; }

    /// <summary>The last contact of the page before.</summary>
    public Guid? After { get; init; }
}
