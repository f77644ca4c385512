using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff.Agents;

/// <summary>
/// Carries a handoff's fresh notifications to where agents asked for them: a webhook of theirs, their own WhatsApp.
/// The row stays the truth; this may come twice, and an agent without either is told by the page alone.
/// </summary>
internal sealed class TellAgents(
    NpgsqlDataSource database, IHttpClientFactory http, ITenantDirectory tenants, IChannelDirectory directory,
    IEnumerable<IProvider> providers) : IFlowTask
{
    public const string HttpClientName = "agent-notices";

    private static readonly string Sql = EngineSql.Of<TellAgents>("tell-agents.sql");

    public string Name => "tell-agents";

    public static QueueMessage WakeUp(Guid id, TenantId tenant, FlowId flow) =>
        new(Queues.FlowEvents, id,
            $$"""{"v":1,"tenant":"{{tenant}}","errand":"tell-agents","argument":"{{flow}}"}""")
        {
            Tenant = tenant, Subject = flow.ToString(), Priority = QueuePriority.Urgent,
        };

    public async Task RunAsync(TenantId tenant, string? argument, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(argument, out Guid flow)) throw new PermanentFault("bad_body", "no flow to tell about");
        string locale = (await tenants.FindAsync(tenant, cancellationToken))?.Locale ?? "pt-BR";
        TransientFault? failed = null;
        foreach (Notice notice in await ReadAsync(tenant, flow, cancellationToken))
        {
            try
            {
                if (notice.Url is { Length: > 0 } url) await PostAsync(notice, new Uri(url), cancellationToken);
                if (notice.Phone is { Length: > 0 } phone) await WriteAsync(notice, phone, locale, cancellationToken);
                await MarkAsync(tenant, notice, cancellationToken);
            }
            catch (TransientFault e)
            {
                // One agent's dead webhook is no reason not to tell the others.
                failed = e;
            }
        }

        if (failed is not null) throw failed;
    }

    private async Task<List<Notice>> ReadAsync(TenantId tenant, Guid flow, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(flow));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var notices = new List<Notice>();
        while (await reader.ReadAsync(cancellationToken))
        {
            notices.Add(new Notice(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetGuid(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6)));
        }

        return notices;
    }

    private async Task MarkAsync(TenantId tenant, Notice notice, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "update notifications set told_at = now() where tenant_id = $1 and id = $2")
            .With(tenant.Value)
            .With(notice.Id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task PostAsync(Notice notice, Uri url, CancellationToken cancellationToken)
    {
        using JsonDocument body = JsonDocument.Parse(notice.Body);
        using HttpClient client = http.CreateClient(HttpClientName);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = JsonContent.Create(new
                {
                    id = notice.Id, kind = notice.Kind, conversation = notice.Conversation, about = body.RootElement,
                }),
            };
            // The status says all: of what may come behind it not a byte is wanted.
            using HttpResponseMessage answer = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new TransientFault("agent_webhook", $"an agent's webhook answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            throw new TransientFault("agent_webhook", "an agent's webhook did not answer", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFault("agent_webhook", "an agent's webhook did not answer in time", e);
        }
    }

    /// <summary>What the provider refuses for good (no window, mostly) is left to the page and the webhook.</summary>
    private async Task WriteAsync(Notice notice, string phone, string locale, CancellationToken cancellationToken)
    {
        Channel? channel = await directory.FindAsync(new ChannelId(notice.Channel), cancellationToken);
        IProvider? provider = providers.FirstOrDefault(c => c.Kind == channel?.Kind);
        if (channel is not { Active: true } || provider is null) return;
        SendOutcome outcome = await provider.SendAsync(
            channel,
            new OutboundMessage(
                new MessageId(notice.Id), notice.Id, phone, HandoffTexts.Notice(notice.Kind, locale)),
            cancellationToken);
        if (outcome is SendOutcome.NotNow notNow)
            throw new TransientFault("agent_whatsapp", "the provider could not send an agent's notice now")
            {
                RetryAfter = notNow.RetryAfter,
            };
    }

    private sealed record Notice(
        Guid Id, Guid Conversation, string Kind, string Body, Guid Channel, string? Url, string? Phone);
}
