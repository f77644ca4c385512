using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Api.Sandbox;

/// <summary>The tenant's sandbox channels with what the page needs to write as a customer.</summary>
internal sealed class ListSandboxChannels(TenantReader reader)
{
    private const string Sql =
        """
        select id as "Id", display_name as "DisplayName", webhook_secrets[1] as "Token"
        from channels
        where tenant_id = $1 and kind = 'sandbox' and status = 'active'
        order by created_at, id
        """;

    public Task<IReadOnlyList<SandboxChannel>> RunAsync(TenantId tenant, CancellationToken cancellationToken) =>
        reader.QueryAsync<SandboxChannel>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value), cancellationToken);
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
