using Dapper;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Platform;

/// <summary>The rows of tenants, for the platform.</summary>
internal sealed class TenantStore(NpgsqlDataSource database, ITenantDirectory directory)
{
    private const string List =
        """
        select t.id as "Id", t.name as "Name", t.locale as "Locale", t.time_zone as "TimeZone", t.status as "Status",
            t.plan_id as "PlanId", p.name as "PlanName", t.created_at as "CreatedAt", t.updated_at as "UpdatedAt"
        from tenants t
        left join plans p on p.id = t.plan_id
        where ($1::uuid is null or t.id = $1) and ($2::uuid is null or t.id > $2)
        order by t.id
        limit $3
        """;

    private const string Add =
        "insert into tenants (id, name, locale, time_zone, plan_id) values ($1, $2, $3, $4, $5)";

    private const string Change =
        """
        update tenants set name = $2, locale = $3, time_zone = $4, plan_id = $5, updated_at = now() where id = $1
        """;

    private const string SetStatus = "update tenants set status = $2, updated_at = now() where id = $1";

    private const string Plan = "select exists (select from plans where id = $1)";

    public async Task<IReadOnlyList<TenantRow>> ListAsync(
        Guid? id, Guid? after, int rows, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(List).With(id).With(after).With(rows));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        Func<System.Data.Common.DbDataReader, TenantRow> parse = reader.GetRowParser<TenantRow>();
        List<TenantRow> found = [];
        while (await reader.ReadAsync(cancellationToken)) found.Add(parse(reader));
        return found;
    }

    /// <param name="input">Without a fault.</param>
    public Task AddAsync(TenantId id, TenantInput input, CancellationToken cancellationToken) =>
        RunAsync(
            id,
            new NpgsqlBatchCommand(Add)
                .With(id.Value).With(input.Name!.Trim()).With(input.Locale!).With(input.TimeZone!).With(input.PlanId),
            cancellationToken);

    /// <summary>False when there is no such tenant.</summary>
    /// <param name="input">Without a fault.</param>
    public Task<bool> ChangeAsync(TenantId id, TenantInput input, CancellationToken cancellationToken) =>
        RunAsync(
            id,
            new NpgsqlBatchCommand(Change)
                .With(id.Value).With(input.Name!.Trim()).With(input.Locale!).With(input.TimeZone!).With(input.PlanId),
            cancellationToken);

    /// <summary>False when there is no such tenant.</summary>
    public Task<bool> SetStatusAsync(TenantId id, string status, CancellationToken cancellationToken) =>
        RunAsync(id, new NpgsqlBatchCommand(SetStatus).With(id.Value).With(status), cancellationToken);

    public async Task<bool> HasPlanAsync(Guid plan, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand(Plan);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = plan });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<bool> RunAsync(TenantId id, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(id));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        directory.Invalidate();
        return command.RecordsAffected > 0;
    }
}

/// <summary>A tenant, for the platform.</summary>
internal sealed record TenantRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public string Locale { get; init; } = "";

    public string TimeZone { get; init; } = "";

    /// <summary><c>active</c> or <c>suspended</c>: then no job works for it.</summary>
    public string Status { get; init; } = "";

    public Guid? PlanId { get; init; }

    public string? PlanName { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
