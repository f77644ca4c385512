using Npgsql;
using Vellarys.Channels;
using Vellarys.Storage;

namespace Vellarys.Api.Sandbox;

/// <summary>The tenant's sandbox channels with what the page needs to write as a customer.</summary>
internal sealed class ListSandboxChannels(TenantReader reader, IChannelDirectory directory)
{
    private const string Sql =
        """
        select id as "Id", display_name as "DisplayName"
        from channels
        where tenant_id = $1 and kind = 'sandbox' and status = 'active'
        order by created_at, id
        """;

    public async Task<IReadOnlyList<SandboxChannel>> RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        IReadOnlyList<SandboxChannel> rows = await reader.QueryAsync<SandboxChannel>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value), cancellationToken);
        var listed = new List<SandboxChannel>();
        foreach (SandboxChannel row in rows)
        {
            // The newest, where two are good.
            Channel? channel = await directory.FindAsync(new ChannelId(row.Id), cancellationToken);
            if (channel is { SecretFault: null, WebhookSecrets: [.., var token] })
                listed.Add(row with { Token = token });
        }

        return listed;
    }
}

/// <summary>A sandbox channel: its webhook is the real one, only the provider is played by the page.</summary>
internal sealed record SandboxChannel
{
    public Guid Id { get; init; }

    public string DisplayName { get; init; } = "";

    public string WebhookUrl => $"/api/v1/webhooks/{Id}";

    /// <summary>Goes into the header <c>X-Sandbox-Token</c>.</summary>
    public string Token { get; init; } = "";
}
