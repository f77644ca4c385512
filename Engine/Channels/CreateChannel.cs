using Npgsql;
using Vellarys.Accounts.Users;
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
    /// <summary>Where its provider is; null where all channels share one.</summary>
    public Uri? Server { get; init; }

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => $"new {Kind} channel {Id} of tenant {Tenant}";
}

/// <summary>What became of a channel to add.</summary>
public abstract record ChannelCreation
{
    internal const string PlanLimit = "plan_limit_reached";

    private ChannelCreation()
    {
    }

    public sealed record Created : ChannelCreation;

    /// <summary>The tenant has a channel with this id; it was left as it is.</summary>
    public sealed record Existed : ChannelCreation;

    /// <summary>
    /// <c>taken</c>: another channel has this id, or this kind, address and server.
    /// <c>plan_limit_reached</c>: the tenant's plan includes no further one.
    /// </summary>
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

    public Task<ChannelCreation> RunAsync(NewChannel channel, CancellationToken cancellationToken) =>
        RunAsync(channel, withinPlan: false, cancellationToken);

    /// <param name="withinPlan">Whether the tenant's plan has to have room for it.</param>
    internal async Task<ChannelCreation> RunAsync(
        NewChannel channel, bool withinPlan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentException.ThrowIfNullOrWhiteSpace(channel.Kind);
        ArgumentException.ThrowIfNullOrWhiteSpace(channel.Address);
        try
        {
            ChannelCreation creation = await InsertAsync(channel, withinPlan, cancellationToken);
            _directory.Invalidate();
            return creation;
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task<ChannelCreation> InsertAsync(
        NewChannel channel, bool withinPlan, CancellationToken cancellationToken)
    {
        var secrets = new ChannelSecrets(_secrets, channel.Tenant, channel.Id);
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(channel.Tenant));
        // The last place of a plan is given once.
        batch.BatchCommands.Add(ChangeUser.Lock(channel.Tenant));
        var insert = new NpgsqlBatchCommand(
            """
            insert into channels
                (tenant_id, id, kind, address, display_name, access_token, verify_token, webhook_secrets,
                    webhook_secret_ids, server_url)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $11
            where not $10 or plan_has_room($1, 'channels', (select count(*) from channels where tenant_id = $1))
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
            .WithColumn(channel.WebhookSecrets, _ => Ids.New(_time))
            .With(withinPlan)
            .With(channel.Server?.AbsoluteUri);
        batch.BatchCommands.Add(insert);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select exists (select from channels where tenant_id = $1 and id = $2),
                not $3 or plan_has_room($1, 'channels', (select count(*) from channels where tenant_id = $1))
            """)
            .With(channel.Tenant.Value)
            .With(channel.Id.Value)
            .With(withinPlan));
        bool isOwn, hasRoom;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (isOwn, hasRoom) = (reader.GetBoolean(0), reader.GetBoolean(1));
        }

        if (insert.RecordsAffected == 1) return new ChannelCreation.Created();
        if (isOwn) return new ChannelCreation.Existed();
        return new ChannelCreation.Refused(hasRoom ? "taken" : ChannelCreation.PlanLimit);
    }
}
