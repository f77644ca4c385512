using Npgsql;
using Vellarys.Health;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Channels.Sealing;

/// <summary>
/// How channels' and others' secrets are stored. Degraded while some cannot be opened: those channels stand still. A
/// master key can be retired once no secret is left of an older one.
/// </summary>
internal sealed class SecretsProbe(
    NpgsqlDataSource database, ChannelDirectory channels, SecretBox box, IEnumerable<ISealedStore> others)
    : IDependencyProbe
{
    private const string Sql =
        """
        select count(*) filter (where not starts_with(s.secret, 'enc:')),
            count(*) filter (where starts_with(s.secret, 'enc:') and not starts_with(s.secret, $1))
        from channels c
        cross join lateral rows from (unnest(array[c.access_token, c.verify_token] || c.webhook_secrets))
            as s (secret)
        where s.secret <> ''
        """;

    public string Name => "secrets";

    /// <summary>The database has a line of its own.</summary>
    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        (long inPlain, long ofOlderKeys) = await CountAsync(cancellationToken);
        foreach (ISealedStore store in others)
        {
            (long plain, long older) = await store.CountAsync(cancellationToken);
            (inPlain, ofOlderKeys) = (inPlain + plain, ofOlderKeys + older);
        }

        var figures = new Dictionary<string, long>
        {
            ["inPlain"] = inPlain, ["ofOlderKeys"] = ofOlderKeys, ["unreadableChannels"] = channels.Unreadable,
        };
        return channels.Unreadable > 0 ? new DependencyState(DependencyLevel.Degraded, "unreadable", figures)
            : new DependencyState(DependencyLevel.Healthy, box.HasKey ? "up" : "no master key", figures);
    }

    private async Task<(long InPlain, long OfOlderKeys)> CountAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(box.CurrentMark));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
