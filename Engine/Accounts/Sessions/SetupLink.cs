using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>
/// The way in while nobody administers the platform: a link that makes the first who does, once, within a day. Every
/// start without one gives another; the first that is used takes all of them with it.
/// </summary>
public sealed class SetupLink
{
    private const string Make =
        """
        insert into setup_links (hash, expires_at)
        select $1, now() + interval '1 day'
        where not exists (select from users u where u.is_platform_admin and u.active)
        """;

    private const string Use =
        """
        with used as (
            delete from setup_links l
            where exists (
                select from setup_links k where k.hash = $1 and k.expires_at > now())
                and not exists (select from users u where u.is_platform_admin and u.active)
            returning l.hash
        )
        insert into users (id, email, username, name, password_hash, is_platform_admin)
        select $2, $3, $4, $5, $6, true where exists (select from used)
        """;

    private const string Join =
        """
        insert into memberships (tenant_id, user_id, name, role)
        select $1, u.id, u.name, 'admin' from users u where u.id = $2
        """;

    private readonly NpgsqlDataSource _database;
    private readonly TimeProvider _time;

    public SetupLink(NpgsqlDataSource database, TimeProvider time) => (_database, _time) = (database, time);

    /// <summary>What the link carries; null once somebody administers the platform.</summary>
    public async Task<string?> MakeAsync(CancellationToken cancellationToken)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Make).With(FixedTime.Hash(token)));
        return await batch.ExecuteNonQueryAsync(cancellationToken) == 1 ? token : null;
    }

    /// <summary>The administrator's id; null for a link that opens nothing.</summary>
    /// <param name="tenant">Of which the administrator becomes one as well.</param>
    /// <exception cref="PostgresException">A unique violation: somebody of a company has that address or name. The link
    /// is as good as before.</exception>
    internal async Task<Guid?> UseAsync(
        string token, FirstAdmin admin, string passwordHash, TenantId? tenant, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(_time);
        await using NpgsqlBatch batch = _database.CreateBatch();
        // One at a time: two with two links would be two first ones.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtext('setup_links'))"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Use)
            .With(FixedTime.Hash(token)).With(id)
            .With(admin.Email).With(admin.Username).With(admin.Name).With(passwordHash));
        if (tenant is { } joined)
        {
            batch.BatchCommands.Add(TenantScope.For(joined));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Join).With(joined.Value).With(id));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1 ? id : null;
    }
}

/// <summary>Who is first.</summary>
internal sealed record FirstAdmin(string Email, string Username, string Name);
