using Npgsql;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Channels.Setup;

/// <summary>A company connects a number: within its plan, and its secrets never in plain.</summary>
internal sealed class AddChannel(NpgsqlDataSource database, CreateChannel create, SecretBox box, TimeProvider time)
{
    // Two at once may pass by one: a limit of a plan is no lock.
    private const string HasRoom =
        "select plan_has_room($1, 'channels', (select count(*) from channels where tenant_id = $1))";

    /// <param name="input">Without a fault.</param>
    public async Task<ChannelAddition> RunAsync(
        TenantId tenant, ChannelInput input, CancellationToken cancellationToken)
    {
        if (!box.HasKey) return new ChannelAddition.Refused(SecretRefusal.NoKey.Code, SecretRefusal.NoKey.Reason);
        if (!await HasRoomAsync(tenant, cancellationToken))
        {
            return new ChannelAddition.Refused(
                "plan_limit_reached", "The plan of this company includes no further channel.");
        }

        var channel = new NewChannel(
            tenant, new ChannelId(Ids.New(time)), input.Kind!, input.Address!, input.DisplayName?.Trim() ?? "",
            input.AccessToken ?? "", input.WebhookSecret is { } secret ? [secret] : [], input.VerifyToken ?? "");
        return await create.RunAsync(channel, cancellationToken) is ChannelCreation.Created
            ? new ChannelAddition.Added(channel.Id)
            : new ChannelAddition.Refused(
                "number_taken", "This installation has a channel of that kind and address already.");
    }

    private async Task<bool> HasRoomAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(HasRoom).With(tenant.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
    }
}

/// <summary>What became of a channel that somebody wanted.</summary>
internal abstract record ChannelAddition
{
    private ChannelAddition()
    {
    }

    public sealed record Added(ChannelId Id) : ChannelAddition;

    public sealed record Refused(string Code, string Reason) : ChannelAddition;
}
