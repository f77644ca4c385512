using System.Text.Json.Nodes;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>
/// Calls an endpoint with a <c>ping</c>, signed like any event, and says what came of it. Kept nowhere.
/// </summary>
internal sealed class TestEndpoint(TenantReader reader, WebhookSecrets secrets, CallWebhook call, TimeProvider time)
{
    private const string Sql =
        """
        select p.url as "Url", p.secret as "Secret",
            case when p.previous_until > now() then p.previous_secret end as "PreviousSecret"
        from webhook_endpoints p
        where p.tenant_id = $1 and p.id = $2
        """;

    /// <summary>Null when there is none.</summary>
    public async Task<CallOutcome?> RunAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        StoredDelivery? endpoint = await reader.FindAsync<StoredDelivery>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With(id), cancellationToken);
        if (endpoint is null) return null;
        endpoint = secrets.Open(tenant, id, endpoint);
        Guid ping = Ids.New(time);
        DateTime now = time.GetUtcNow().UtcDateTime;
        byte[] body = WebhookPayload.Of(
            ping, WebhookEvents.Ping, now, (now - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            new JsonObject { ["endpointId"] = id });
        return await call.RunAsync(new Uri(endpoint.Url), ping, body, endpoint.Secrets, cancellationToken);
    }
}
