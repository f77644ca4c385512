using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Api.Idempotency;

/// <summary>
/// What calls with an <c>Idempotency-Key</c> led to. The key itself is not kept: it also blinds the fingerprint of a
/// body that may hold a password.
/// </summary>
internal sealed class IdempotencyKeys(NpgsqlDataSource database)
{
    /// <summary>How long an answer is repeated; afterwards the key is new again.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromHours(24);

    /// <summary>No call takes longer: whoever claimed the key before died between its effect and the record.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private const string ClaimSql =
        """
        insert into idempotency_keys as k (tenant_id, caller, key, fingerprint, claim)
        values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, caller, key) do update
        set fingerprint = excluded.fingerprint, claim = excluded.claim, claimed_at = excluded.claimed_at,
            status = null, location = null, body = null, withheld = false, cut_off = false
        where k.claimed_at < now() - $6::interval
        """;

    private const string ReadSql =
        """
        select k.claim, k.fingerprint, k.status, k.location, k.body, k.withheld,
            k.cut_off or k.claimed_at < now() - $4::interval as lost
        from idempotency_keys k
        where k.tenant_id = $1 and k.caller = $2 and k.key = $3
        """;

    private const string RecordSql =
        """
        update idempotency_keys
        set status = $5, location = $6, body = $7, withheld = $8
        where tenant_id = $1 and caller = $2 and key = $3 and claim = $4
        """;

    private const string CutOffSql =
        "update idempotency_keys set cut_off = true where tenant_id = $1 and caller = $2 and key = $3 and claim = $4";

    private const string ReleaseSql =
        "delete from idempotency_keys where tenant_id = $1 and caller = $2 and key = $3 and claim = $4";

    /// <summary>Null when the key is now this claim's; else the call that has it.</summary>
    public async Task<KeptCall?> ClaimAsync(IdempotencyClaim claim, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(claim.Tenant));
        batch.BatchCommands.Add(Of(ClaimSql, claim).With(claim.Fingerprint).With(claim.Id).With(Keep));
        batch.BatchCommands.Add(Of(ReadSql, claim).With(Longest));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        // Gone between the two statements: whoever had it gave it back, and the next try finds it free.
        if (!await reader.ReadAsync(cancellationToken)) return KeptCall.Running;
        if (reader.GetGuid(0) == claim.Id) return null;
        return new KeptCall(
            IsSame: reader.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(claim.Fingerprint),
            Status: reader.IsDBNull(2) ? null : reader.GetInt16(2),
            Location: reader.IsDBNull(3) ? null : reader.GetString(3),
            Body: reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4),
            IsWithheld: reader.GetBoolean(5),
            IsLost: reader.GetBoolean(6));
    }

    public Task RecordAsync(
        IdempotencyClaim claim, int status, string? location, byte[]? body, bool isWithheld,
        CancellationToken cancellationToken) =>
        RunAsync(
            claim.Tenant,
            Of(RecordSql, claim).With(claim.Id).With((short)status).With(location).With(body).With(isWithheld),
            cancellationToken);

    /// <summary>
    /// It failed on our side, and may have been carried out. Without a database to say so to, its age says it later.
    /// </summary>
    public async Task CutOffAsync(IdempotencyClaim claim)
    {
        try
        {
            await RunAsync(claim.Tenant, Of(CutOffSql, claim).With(claim.Id), CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // What failed first is what the caller is told.
        }
    }

    /// <summary>Nothing was done: the key may be used again.</summary>
    public Task ReleaseAsync(IdempotencyClaim claim, CancellationToken cancellationToken) =>
        RunAsync(claim.Tenant, Of(ReleaseSql, claim).With(claim.Id), cancellationToken);

    private async Task RunAsync(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Of(string sql, IdempotencyClaim claim) =>
        new NpgsqlBatchCommand(sql).With(claim.Tenant.Value).With(claim.Caller).With(claim.Key);
}

/// <summary>One call's hold on a key.</summary>
/// <param name="Caller">Who calls: two callers may use the same key for different things.</param>
/// <param name="Key">The hash of it.</param>
internal sealed record IdempotencyClaim(TenantId Tenant, string Caller, byte[] Key, byte[] Fingerprint, Guid Id);

/// <summary>What the call that has a key came to.</summary>
/// <param name="IsSame">It asked for the same.</param>
/// <param name="Status">Null while it runs, or when it was cut off.</param>
/// <param name="IsWithheld">Its answer showed a secret and was not kept.</param>
/// <param name="IsLost">It failed on our side, or began so long ago that it cannot be running any more.</param>
internal sealed record KeptCall(
    bool IsSame, int? Status, string? Location, byte[] Body, bool IsWithheld, bool IsLost)
{
    public static KeptCall Running { get; } = new(true, null, null, [], false, false);
}
