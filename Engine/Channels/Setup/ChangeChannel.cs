using Npgsql;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Channels.Setup;

/// <summary>Changes a channel's name, and what it sends and is asked with: from the next message on.</summary>
internal sealed class ChangeChannel(NpgsqlDataSource database, SecretBox box, IChannelDirectory directory)
{
    private const string Sql =
        """
        update channels set display_name = coalesce($3, display_name), access_token = coalesce($4, access_token),
            verify_token = coalesce($5, verify_token), server_url = coalesce($6, server_url), updated_at = now()
        where tenant_id = $1 and id = $2
        """;

    /// <summary>Null once it is done.</summary>
    /// <param name="change">Without a fault.</param>
    public async Task<SecretRefusal?> RunAsync(
        TenantId tenant, ChannelId channel, ChannelChange change, CancellationToken cancellationToken)
    {
        if (!box.HasKey && (change.AccessToken ?? change.VerifyToken) is not null) return SecretRefusal.NoKey;
        var secrets = new ChannelSecrets(box, tenant, channel);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(channel.Value)
            .With(change.DisplayName?.Trim())
            .With(change.AccessToken is { } token ? secrets.Token(token) : null)
            .With(change.VerifyToken is { } verify ? secrets.VerifyToken(verify) : null)
            .With(change.ServerUrl is { } url ? ServerUrl.Read(url)?.AbsoluteUri : null));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[1].RecordsAffected == 0) return SecretRefusal.NoChannel;
        directory.Invalidate();
        return null;
    }
}
