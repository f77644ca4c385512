using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Channels.Setup;

/// <summary>The webhook secrets of a channel's row, told apart by their keys.</summary>
internal sealed class ChannelSecretsStore(NpgsqlDataSource database)
{
    private static readonly string Add = EngineSql.Of<ChannelSecretsStore>("add-secret.sql");
    private static readonly string End = EngineSql.Of<ChannelSecretsStore>("end-secret.sql");
    private static readonly string List = EngineSql.Of<ChannelSecretsStore>("list-secrets.sql");

    /// <summary>Those that are good, the oldest first; null when there is no such channel.</summary>
    public async Task<IReadOnlyList<SecretRow>?> ListAsync(
        TenantId tenant, ChannelId channel, CancellationToken cancellationToken)
    {
        IReadOnlyList<SecretRow> rows = await new TenantReader(database).QueryAsync<SecretRow>(
            tenant, new NpgsqlBatchCommand(List).With(tenant.Value).With(channel.Value), cancellationToken);
        // A channel without secrets of its own is one row without a position.
        return rows.Count == 0 ? null : [.. rows.Where(row => row.Position is not null)];
    }

    public Task<SecretRefusal?> AddAsync(
        TenantId tenant, ChannelId channel, Guid id, string secret, TimeSpan overlap,
        CancellationToken cancellationToken) =>
        ChangeAsync(
            tenant,
            new NpgsqlBatchCommand(Add)
                .With(tenant.Value).With(channel.Value).With(id).With(secret).With(overlap),
            cancellationToken);

    public Task<SecretRefusal?> EndAsync(
        TenantId tenant, ChannelId channel, Guid secret, CancellationToken cancellationToken) =>
        ChangeAsync(
            tenant, new NpgsqlBatchCommand(End).With(tenant.Value).With(channel.Value).With(secret), cancellationToken);

    /// <param name="change">Returns a word on what became of it; no row for no such channel.</param>
    private async Task<SecretRefusal?> ChangeAsync(
        TenantId tenant, NpgsqlBatchCommand change, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(change);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return SecretRefusal.NoChannel;
        return reader.GetString(0) switch
        {
            "two_live" => SecretRefusal.TwoLive,
            "last" => SecretRefusal.LastOne,
            "none" => SecretRefusal.NoSecret,
            _ => null,
        };
    }
}

/// <summary>A webhook secret as an operator sees it: never itself.</summary>
internal sealed record SecretRow
{
    /// <summary>Null for a moment after an instance of an earlier release made it.</summary>
    public Guid? Id { get; init; }

    /// <summary>When it is good no longer; null: it is the one to stay.</summary>
    public DateTime? EndsAt { get; init; }

    internal long? Position { get; init; }
}
