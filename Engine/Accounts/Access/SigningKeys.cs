using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>
/// The keys that tokens are signed with, the same for all instances: the youngest signs for a month and is then
/// followed by another, and goes on being believed for a second month. So two are live, and no rotation ends a session.
/// </summary>
internal sealed class SigningKeys(
    NpgsqlDataSource database, AccountSecrets secrets, TimeProvider time, ILogger<SigningKeys> logger)
{
    private const int SecretBytes = 32;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private const string Young =
        """
        select kid, secret from signing_keys where created_at > now() - interval '30 days'
        order by created_at desc, kid
        """;

    private const string Make =
        """
        insert into signing_keys (kid, secret)
        select $1, $2
        where not exists (
            select from signing_keys where created_at > now() - interval '30 days' and kid <> all ($3))
        """;

    private const string One =
        "select kid, secret from signing_keys where kid = $1 and created_at > now() - interval '60 days'";

    private readonly ConcurrentDictionary<Guid, (SigningKey Key, long At)> _known = new();
    private SigningKey? _signs;

    /// <summary>
    /// What signs now; made when there is none yet, by one instance. One that cannot be opened here signs elsewhere:
    /// without its master key nobody may be kept from signing in.
    /// </summary>
    public async ValueTask<SigningKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_signs is { } signs && Known(signs.Id) is { } known) return known;
        List<Guid> unreadable = [];
        SigningKey? found = await ReadAsync(new NpgsqlBatchCommand(Young), unreadable, cancellationToken);
        if (found is null)
        {
            await MakeAsync(unreadable, cancellationToken);
            found = await ReadAsync(new NpgsqlBatchCommand(Young), [], cancellationToken)
                ?? throw new InvalidOperationException("A signing key was made and is not there.");
        }

        return _signs = found;
    }

    /// <summary>Null for one that there is not, or no longer. One that another instance made is found at
    /// once.</summary>
    public async ValueTask<SigningKey?> FindAsync(string? kid, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(kid, "N", out Guid id)) return null;
        return Known(id) ?? await ReadAsync(new NpgsqlBatchCommand(One).With(id), [], cancellationToken);
    }

    private SigningKey? Known(Guid kid) =>
        _known.TryGetValue(kid, out (SigningKey Key, long At) entry) && time.GetElapsedTime(entry.At) < Remembered
            ? entry.Key
            : null;

    private async Task MakeAsync(List<Guid> unreadable, CancellationToken cancellationToken)
    {
        Guid kid = Ids.New(time);
        string secret = secrets.SealKey(kid, RandomNumberGenerator.GetBytes(SecretBytes));
        await using NpgsqlBatch batch = database.CreateBatch();
        // One at a time: what two instances made at once would be two that sign.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtext('signing_keys'))"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Make).With(kid).With(secret).With(unreadable.ToArray()));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "delete from signing_keys where created_at < now() - interval '90 days'"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The first that can be opened.</summary>
    private async Task<SigningKey?> ReadAsync(
        NpgsqlBatchCommand query, List<Guid> unreadable, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(query);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Guid kid = reader.GetGuid(0);
            if (secrets.OpenKey(kid, reader.GetString(1), out string? fault) is { } secret)
            {
                SigningKey key = new(kid, secret);
                _known[kid] = (key, time.GetTimestamp());
                return key;
            }

            logger.SigningKeyUnreadable(kid, fault!);
            unreadable.Add(kid);
        }

        return null;
    }
}

/// <summary>One of them.</summary>
internal sealed record SigningKey(Guid Id, byte[] Secret)
{
    /// <summary>As tokens name it.</summary>
    public string Kid => Id.ToString("N");

    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => Kid;
}
