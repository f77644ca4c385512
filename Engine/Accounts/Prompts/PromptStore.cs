using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Prompts;

/// <summary>
/// The versions of a tenant's prompt. The active one is also in its settings, where conversations read it.
/// </summary>
internal sealed class PromptStore(NpgsqlDataSource database, TenantReader reader, ITenantDirectory directory)
{
    private const string List =
        """
        select version as "Version", body as "Body", note as "Note", active as "Active", created_at as "CreatedAt",
            activated_at as "ActivatedAt"
        from prompt_versions
        where tenant_id = $1 and ($2::integer is null or version = $2) and version < $3
        order by version desc
        limit $4
        """;

    private const string Add =
        """
        insert into prompt_versions (tenant_id, version, body, note)
        select $1, coalesce(max(version), 0) + 1, $2, $3 from prompt_versions where tenant_id = $1
        returning version
        """;

    private const string Activate = "select activate_prompt($1, $2)";

    public Task<IReadOnlyList<PromptRow>> ListAsync(
        TenantId tenant, int? version, int before, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<PromptRow>(
            tenant,
            new NpgsqlBatchCommand(List).With(tenant.Value).With(version).With(before).With(rows),
            cancellationToken);

    /// <summary>The version's number.</summary>
    /// <param name="input">Without a fault.</param>
    public async Task<int> AddAsync(TenantId tenant, PromptInput input, CancellationToken cancellationToken)
    {
        int version;
        await using (NpgsqlBatch batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(TenantScope.For(tenant));
            // Holds the tenant's row, so that two at once get two numbers; what was said until now is a version too.
            batch.BatchCommands.Add(new NpgsqlBatchCommand("select keep_prompt($1)").With(tenant.Value));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Add)
                .With(tenant.Value).With(input.Body!).With(input.Note ?? ""));
            await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
            await rows.NextResultAsync(cancellationToken);
            await rows.NextResultAsync(cancellationToken);
            await rows.ReadAsync(cancellationToken);
            version = rows.GetInt32(0);
        }

        if (input.Activate) await ActivateAsync(tenant, version, cancellationToken);
        return version;
    }

    /// <summary>False when there is no such version.</summary>
    public async Task<bool> ActivateAsync(TenantId tenant, int version, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Activate).With(tenant.Value).With(version));
        await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        bool isDone = rows.GetBoolean(0);
        directory.Invalidate();
        return isDone;
    }
}

/// <summary>One version.</summary>
internal sealed record PromptRow
{
    public int Version { get; init; }

    public string Body { get; init; } = "";

    public string Note { get; init; } = "";

    /// <summary>Whether the assistant is told this.</summary>
    public bool Active { get; init; }

    public DateTime CreatedAt { get; init; }

    /// <summary>The last time that it became active; null: never.</summary>
    public DateTime? ActivatedAt { get; init; }
}
