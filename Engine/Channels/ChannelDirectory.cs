using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Secrets;
using Vellarys.Storage;
using Vellarys.Storage.Directories;

namespace Vellarys.Channels;

/// <summary>
/// Channels from memory, by their id and by the provider's key of their number. Their secrets are opened as they are
/// read, so that no message waits for it.
/// </summary>
internal sealed class ChannelDirectory : IChannelDirectory, IRefreshed
{
    private readonly DirectoryCache<Key, Channel> _cache;
    private readonly NpgsqlDataSource _database;
    private readonly SecretBox _secrets;
    private readonly ILogger<ChannelDirectory> _logger;
    private readonly ConcurrentDictionary<ChannelId, string> _unreadable = new();

    public ChannelDirectory(
        NpgsqlDataSource database, SecretBox secrets, TimeProvider time, ILogger<ChannelDirectory> logger)
    {
        (_database, _secrets, _logger) = (database, secrets, logger);
        _cache = new DirectoryCache<Key, Channel>(
            LoadAsync, c => [new Key(c.Id.Value, "", ""), new Key(Guid.Empty, c.Kind, c.Address)], time);
    }

    public string Table => "channels";

    /// <summary>How many channels have secrets that cannot be opened, as far as they were looked at.</summary>
    public int Unreadable => _unreadable.Count;

    public ValueTask<Channel?> FindAsync(ChannelId id, CancellationToken cancellationToken) =>
        _cache.FindAsync(new Key(id.Value, "", ""), cancellationToken);

    public ValueTask<Channel?> FindAsync(string kind, string address, CancellationToken cancellationToken) =>
        _cache.FindAsync(new Key(Guid.Empty, kind, address), cancellationToken);

    public void Invalidate() => _cache.Invalidate();

    public Task RefreshAsync() => _cache.RefreshAsync();

    private async Task<IReadOnlyList<Channel>> LoadAsync(
        IReadOnlyList<Key>? keys, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select tenant_id, id, kind, address, access_token, array(
                    select s.secret
                    from rows from (unnest(webhook_secrets, webhook_secret_ends))
                        with ordinality as s (secret, ends_at, position)
                    where s.secret is not null and (s.ends_at is null or s.ends_at > now())
                    order by s.position),
                verify_token, status = 'active', doubted_at is not null, server_url
            from channels
            where $1::uuid[] is null or id = any ($1)
                or (kind, address) in (
                    select k.kind, k.address from unnest($2::text[], $3::text[]) as k (kind, address))
            """)
            .With(keys?.Select(k => k.Id).ToArray())
            .With(keys?.Select(k => k.Kind).ToArray())
            .With(keys?.Select(k => k.Address).ToArray()));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<Channel>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Opened(new Channel(
                new TenantId(reader.GetGuid(0)), new ChannelId(reader.GetGuid(1)),
                reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<string[]>(5),
                reader.GetString(6), reader.GetBoolean(7))
            {
                InDoubt = reader.GetBoolean(8),
                Server = !reader.IsDBNull(9) && Uri.TryCreate(reader.GetString(9), UriKind.Absolute, out Uri? server)
                    ? server
                    : null,
            }));
        }

        return rows;
    }

    /// <summary>One channel's secrets must not keep the others from being read. Said once.</summary>
    private Channel Opened(Channel stored)
    {
        Channel opened = ChannelSecrets.Open(_secrets, stored);
        if (opened.SecretFault is not { } fault) _unreadable.TryRemove(stored.Id, out _);
        else if (!_unreadable.TryGetValue(stored.Id, out string? said) || said != fault)
        {
            _unreadable[stored.Id] = fault;
            Log.SecretsUnreadable(_logger, stored.Id, stored.Tenant, fault);
        }

        return opened;
    }

    /// <summary>The id, or else the kind and the address.</summary>
    private readonly record struct Key(Guid Id, string Kind, string Address);
}
