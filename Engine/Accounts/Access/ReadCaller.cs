using System.Net;
using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>
/// Who showed this token or key. Nothing is remembered: what was taken away a moment ago, by whichever instance, holds
/// for this call. That is one round trip of index look-ups.
/// </summary>
internal sealed class ReadCaller(NpgsqlDataSource database, AccessTokens tokens, AccountOptions options)
{
    private static readonly string Session = EngineSql.Of<ReadCaller>("read-session.sql");

    private const string Key =
        """
        select k.tenant_id, k.hash, k.scopes, t.allowed_networks,
            k.last_used_at is null or k.last_used_at < date_trunc('hour', now())
        from api_keys k
        join tenants t on t.id = k.tenant_id and t.status = 'active'
        where k.id = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
        """;

    private const string KeyUsed =
        """
        update api_keys k set last_used_at = date_trunc('hour', now())
        where k.tenant_id = $1 and k.id = $2
        """;

    /// <summary>Whether it looks like something that this can read.</summary>
    public static bool CanRead(string shown) =>
        ApiKeyText.LooksLikeOne(shown) || shown.AsSpan().Count('.') == 2;

    public Task<CallerRead> RunAsync(string shown, IPAddress? from, CancellationToken cancellationToken) =>
        ApiKeyText.LooksLikeOne(shown)
            ? OfKeyAsync(shown, from, cancellationToken)
            : OfTokenAsync(shown, from, cancellationToken);

    private async Task<CallerRead> OfTokenAsync(string shown, IPAddress? from, CancellationToken cancellationToken)
    {
        if (await tokens.ReadAsync(shown, cancellationToken) is not { } token) return CallerRead.Unknown;
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(token.Tenant is { } scope ? TenantScope.For(scope) : TenantScope.For([]));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Session)
            .With(token.Session).With(token.User).With(token.Tenant?.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return CallerRead.Unknown;

        bool isAdmin = reader.GetBoolean(0);
        string? role = reader.IsDBNull(2) ? null : reader.GetString(2);
        string[]? profile = reader.IsDBNull(3) ? null : reader.GetFieldValue<string[]>(3);
        string[] networks = reader.GetFieldValue<string[]>(4);
        if (role is null && reader.GetBoolean(5)) role = BuiltInRoles.Support;
        // A tenant that this one no longer belongs to; one without a tenant has an account still.
        if (token.Tenant is not null && role is null) return CallerRead.Unknown;
        // Whom a tenant lets look comes from the platform's networks, not from the tenant's.
        if (role == BuiltInRoles.Support) networks = [];
        if (!Networks.Allow(networks, from) || (isAdmin && !Networks.Allow(options.AdminNetworkList, from)))
            return CallerRead.Elsewhere;

        return new CallerRead(new Caller(CallerKind.User)
        {
            Tenant = token.Tenant,
            User = token.User,
            Session = token.Session,
            Role = role,
            IsPlatformAdmin = isAdmin,
            Permissions =
            [
                Permissions.OwnAccount,
                .. role is null ? [] : BuiltInRoles.PermissionsOf(role, profile),
                .. isAdmin ? Permissions.OfPlatform : [],
            ],
        });
    }

    private async Task<CallerRead> OfKeyAsync(string shown, IPAddress? from, CancellationToken cancellationToken)
    {
        if (ApiKeyText.Parse(shown) is not var (id, secret)) return CallerRead.Unknown;
        TenantId tenant;
        string[] scopes;
        bool isFirstOfHour;
        await using (NpgsqlBatch batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(TenantScope.Directory());
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Key).With(id));
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken)) return CallerRead.Unknown;
            if (!FixedTime.Matches(secret, reader.GetFieldValue<byte[]>(1))) return CallerRead.Unknown;
            if (!Networks.Allow(reader.GetFieldValue<string[]>(3), from)) return CallerRead.Elsewhere;
            tenant = new TenantId(reader.GetGuid(0));
            scopes = reader.GetFieldValue<string[]>(2);
            isFirstOfHour = reader.GetBoolean(4);
        }

        if (isFirstOfHour) await NoteUseAsync(tenant, id, cancellationToken);
        return new CallerRead(new Caller(CallerKind.TenantKey)
        {
            Tenant = tenant,
            Key = id,
            Permissions = [.. scopes.Where(Permissions.OfTenants.Contains)],
        });
    }

    private async Task NoteUseAsync(TenantId tenant, Guid key, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(KeyUsed).With(tenant.Value).With(key));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>The caller, or why there is none.</summary>
/// <param name="IsElsewhere">Known, but not to be heard from this address.</param>
internal sealed record CallerRead(Caller? Caller, bool IsElsewhere = false)
{
    public static CallerRead Unknown { get; } = new((Caller?)null);

    public static CallerRead Elsewhere { get; } = new(null, IsElsewhere: true);
}
