using System.Net;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>Sign-ins, each with its family of refresh tokens.</summary>
internal sealed class SessionStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>A session that is not used ends.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(7);

    /// <summary>And one that is used ends as well.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private static readonly string Rotate = EngineSql.Of<SessionStore>("rotate.sql");

    private const string Start =
        """
        with person as (
            select u.id from users u where u.id = $2 and ($6::text is null or u.password_hash = $6) and u.active
            for share
        ),
        made as (
            insert into sessions (id, user_id, address_hash, expires_at)
            select $1, p.id, $3, now() + $4::interval from person p
            returning id
        )
        insert into refresh_tokens (hash, session_id) select $5, m.id from made m
        """;

    private const string EndOne =
        """
        update sessions s set ended_at = now(), end_reason = 'signed_out'
        where s.id = $1 and s.user_id = $2 and s.ended_at is null
        """;

    private const string EndAll =
        """
        update sessions s set ended_at = now(), end_reason = $2
        where s.user_id = $1 and s.ended_at is null and s.id is distinct from $3
        """;

    /// <summary>Null where the password has become another since it was looked at, or the account was closed.</summary>
    /// <param name="passwordHash">Of the password that was right; null where none was asked for.</param>
    public async Task<(Guid Session, RefreshToken Token)?> StartAsync(
        Guid user, string? passwordHash, IPAddress? from, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        var token = RefreshToken.Make();
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "delete from sessions where user_id = $1 and expires_at < now() - interval '1 day'").With(user));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Start)
            .With(id).With(user).With(TakeAttempt.HashOf(from)).With(Idle).With(token.Hash).With(passwordHash));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1 ? (id, token) : null;
    }

    /// <summary>Null for a token that opens nothing.</summary>
    public async Task<Rotation?> RotateAsync(RefreshToken shown, CancellationToken cancellationToken)
    {
        var next = RefreshToken.Make();
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Rotate)
            .With(shown.Hash).With(next.Hash).With(Idle).With(Longest));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new Rotation(
            reader.GetGuid(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : new TenantId(reader.GetGuid(2)),
            reader.GetBoolean(3), reader.GetBoolean(4), next);
    }

    /// <summary>Which tenant a refresh means that names none.</summary>
    public async Task SetTenantAsync(Guid session, TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "update sessions set last_tenant = $2 where id = $1 and last_tenant is distinct from $2")
            .With(session).With(tenant.Value));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task EndAsync(Guid session, Guid user, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(EndOne).With(session).With(user));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <param name="except">Stays.</param>
    public async Task EndAllAsync(Guid user, string reason, Guid? except, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(EndingAll(user, reason, except));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The same, as part of something that is done with it or not at all.</summary>
    public static NpgsqlBatchCommand EndingAll(Guid user, string reason, Guid? except) =>
        new NpgsqlBatchCommand(EndAll).With(user).With(reason).With(except);
}

/// <summary>What became of a refresh token.</summary>
/// <param name="IsLive">The session was alive when it was shown.</param>
/// <param name="IsReuse">It had been used before: the session is over.</param>
/// <param name="Next">Its successor, where it is alive and no reuse.</param>
internal sealed record Rotation(
    Guid Session, Guid User, TenantId? LastTenant, bool IsLive, bool IsReuse, RefreshToken Next);
