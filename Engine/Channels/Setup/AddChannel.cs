using Npgsql;
using Vellarys.Channels.Sandbox;
using Vellarys.Secrets;
using Vellarys.Storage;

namespace Vellarys.Channels.Setup;

/// <summary>A company connects a number: within its plan, and its secrets never in plain.</summary>
internal sealed class AddChannel(
    NpgsqlDataSource database, CreateChannel create, SecretBox box, IEnumerable<IProvider> providers, TimeProvider time)
{
    // Asked before the provider is; whether there is still room is asked again when the channel is made.
    private const string HasRoom =
        "select plan_has_room($1, 'channels', (select count(*) from channels where tenant_id = $1))";

    /// <param name="input">Without a fault.</param>
    /// <param name="isProven">
    /// The installation vouches for the number. Who is of a tenant must show that the provider takes their token for
    /// it: an id is no secret, and what is written to a number must not go to whoever names it first.
    /// </param>
    public async Task<ChannelAddition> RunAsync(
        TenantId tenant, ChannelInput input, bool isProven, CancellationToken cancellationToken)
    {
        if (!box.HasKey) return new ChannelAddition.Refused(SecretRefusal.NoKey.Code, SecretRefusal.NoKey.Reason);
        if (!await HasRoomAsync(tenant, cancellationToken)) return NoRoom();

        var channel = new NewChannel(
            tenant, new ChannelId(Ids.New(time)), input.Kind!, input.Address!, input.DisplayName?.Trim() ?? "",
            input.AccessToken ?? "", input.WebhookSecret is { } secret ? [secret] : [], input.VerifyToken ?? "")
        {
            Server = input.ServerUrl is { } url ? ServerUrl.Read(url) : null,
        };
        if (!isProven && await FaultAsync(channel, cancellationToken) is { } fault)
        {
            return new ChannelAddition.Refused(
                "number_not_confirmed", $"The provider does not confirm this token for this number: {fault}.");
        }

        return await create.RunAsync(channel, withinPlan: true, cancellationToken) switch
        {
            ChannelCreation.Created => new ChannelAddition.Added(channel.Id),
            ChannelCreation.Refused { Code: ChannelCreation.PlanLimit } => NoRoom(),
            _ => new ChannelAddition.Refused(
                "number_taken", "This installation has a channel of that kind and address already."),
        };
    }

    private static ChannelAddition.Refused NoRoom() =>
        new(ChannelCreation.PlanLimit, "The plan of this company includes no further channel.");

    private async Task<string?> FaultAsync(NewChannel channel, CancellationToken cancellationToken)
    {
        IProvider? provider = providers.FirstOrDefault(p => p.Kind == channel.Kind);
        // Where there is nothing to ask, as in the sandbox, there is no number of anybody's.
        if (provider is null or { Kind: SandboxProvider.KindName }) return null;
        Channel asked = new(
            channel.Tenant, channel.Id, channel.Kind, channel.Address, channel.AccessToken, channel.WebhookSecrets,
            channel.VerifyToken, Active: true)
        {
            Server = channel.Server,
        };
        return await provider.ProbeAsync(asked, cancellationToken) switch
        {
            ChannelProbe.Accepted => null,
            ChannelProbe.Refused refused => refused.Code,
            ChannelProbe.Unclear unclear => unclear.Code,
            _ => "not_asked",
        };
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
