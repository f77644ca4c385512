using Npgsql;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Channels;

/// <summary>A channel to add.</summary>
/// <param name="Address">The provider's key of the number: <c>phone_number_id</c> at Meta.</param>
/// <param name="WebhookSecrets">Empty: the installation's own.</param>
/// <param name="VerifyToken">Empty: the installation's own.</param>
public sealed record NewChannel(
    TenantId Tenant, ChannelId Id, string Kind, string Address, string DisplayName, string AccessToken,
    IReadOnlyList<string> WebhookSecrets, string VerifyToken)
{
    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"new {Kind} channel {Id} of tenant {Tenant}";
}

/// <summary>What became of a channel to add.</summary>
public abstract record ChannelCreation
{
    private ChannelCreation()
    {
    }

    public sealed record Created : ChannelCreation;

    /// <summary>The tenant has a channel with this id; it was left as it is.</summary>
    public sealed record Existed : ChannelCreation;

    /// <summary><c>taken</c>: another channel has this id, or this kind and address.</summary>
    public sealed record Refused(string Code) : ChannelCreation;
}

/// <summary>
/// Adds a channel. With an id that is there already it changes nothing, so that set-up can run again.
/// </summary>
public sealed class CreateChannel
{
    private readonly NpgsqlDataSource _database;
    private readonly IChannelDirectory _directory;
    private readonly SecretBox _secrets;
    private readonly TimeProvider _time;

    internal CreateChannel(
        NpgsqlDataSource database, IChannelDirectory directory, SecretBox secrets, TimeProvider time) =>
        (_database, _directory, _secrets, _time) = (database, directory, secrets, time);

    public async Task<ChannelCreation> RunAsync(NewChannel channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentException.ThrowIfNullOrWhiteSpace(channel.Kind);
        ArgumentException.ThrowIfNullOrWhiteSpace(channel.Address);
        try
        {
            ChannelCreation creation = await InsertAsync(channel, cancellationToken);
            _directory.Invalidate();
            return creation;
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task<ChannelCreation> InsertAsync(NewChannel channel, CancellationToken cancellationToken)
    {
        var secrets = new ChannelSecrets(_secrets, channel.Tenant, channel.Id);
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(channel.Tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into channels
                (tenant_id, id, kind, address, display_name, access_token, verify_token, webhook_secrets,
                    webhook_secret_ids)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict do nothing
            """)
            .With(channel.Tenant.Value)
            .With(channel.Id.Value)
            .With(channel.Kind)
            .With(channel.Address)
            .With(channel.DisplayName)
            .With(secrets.Token(channel.AccessToken))
            .With(secrets.VerifyToken(channel.VerifyToken))
            .WithColumn(channel.WebhookSecrets, secrets.WebhookSecret)
            .WithColumn(channel.WebhookSecrets, _ => Ids.New(_time)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select 1 from channels where tenant_id = $1 and id = $2")
            .With(channel.Tenant.Value)
            .With(channel.Id.Value));
        bool isOwn;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            isOwn = await reader.ReadAsync(cancellationToken);
        }

        if (batch.BatchCommands[1].RecordsAffected == 1) return new ChannelCreation.Created();
        return isOwn ? new ChannelCreation.Existed() : new ChannelCreation.Refused("taken");
    }
}
