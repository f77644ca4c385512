using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Access;

/// <summary>
/// The keys that tokens are signed with, the same for all instances: the youngest signs for a month and is then
/// followed by another, and goes on being believed for a second month. So two are live, and no rotation ends a session.
/// </summary>
internal sealed class SigningKeys(NpgsqlDataSource database, TimeProvider time)
{
    private const int SecretBytes = 32;
    private const int LongestKid = 64;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private const string Current =
        """
        select kid, secret from signing_keys where created_at > now() - interval '30 days'
        order by created_at desc, kid limit 1
        """;

    private const string Make =
        """
        insert into signing_keys (kid, secret)
        select $1, $2
        where not exists (select from signing_keys where created_at > now() - interval '30 days')
        """;

    private const string One =
        "select kid, secret from signing_keys where kid = $1 and created_at > now() - interval '60 days'";

    private readonly ConcurrentDictionary<string, (SigningKey Key, long At)> _known = new(StringComparer.Ordinal);
    private string? _signs;

    /// <summary>What signs now; made when there is none yet, by one instance.</summary>
    public async ValueTask<SigningKey> CurrentAsync(CancellationToken cancellationToken)
    {
        if (_signs is { } kid && Known(kid) is { } known) return known;
        SigningKey? found = await ReadAsync(new NpgsqlBatchCommand(Current), cancellationToken);
        if (found is null)
        {
            await MakeAsync(cancellationToken);
            found = await ReadAsync(new NpgsqlBatchCommand(Current), cancellationToken)
                ?? throw new InvalidOperationException("A signing key was made and is not there.");
        }

        _signs = found.Kid;
        return found;
    }

    /// <summary>Null for one that there is not, or no longer. One that another instance made is found at
    /// once.</summary>
    public async ValueTask<SigningKey?> FindAsync(string? kid, CancellationToken cancellationToken)
    {
        if (kid is not { Length: > 0 and <= LongestKid }) return null;
        return Known(kid) ?? await ReadAsync(new NpgsqlBatchCommand(One).With(kid), cancellationToken);
    }

    private SigningKey? Known(string kid) =>
        _known.TryGetValue(kid, out (SigningKey Key, long At) entry) && time.GetElapsedTime(entry.At) < Remembered
            ? entry.Key
            : null;

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        string kid = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        await using NpgsqlBatch batch = database.CreateBatch();
        // One at a time: what two instances made at once would be two that sign.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtext('signing_keys'))"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Make)
            .With(kid).With(RandomNumberGenerator.GetBytes(SecretBytes)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "delete from signing_keys where created_at < now() - interval '90 days'"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<SigningKey?> ReadAsync(NpgsqlBatchCommand query, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(query);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        SigningKey key = new(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        _known[key.Kid] = (key, time.GetTimestamp());
        return key;
    }
}

/// <summary>One of them.</summary>
internal sealed record SigningKey(string Kid, byte[] Secret);
