using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Vellarys.Channels;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff;

/// <summary>
/// Carries a handoff's fresh notifications to where agents asked for them: a webhook of theirs, their own WhatsApp.
/// The row stays the truth; this may come twice, and an agent without either is told by the page alone.
/// </summary>
internal sealed class TellAgents(
    NpgsqlDataSource database, IHttpClientFactory http, IChannelDirectory directory, IEnumerable<IChannel> channels)
    : IFlowErrand
{
    public const string HttpClientName = "agent-notices";

    private static readonly string Sql = EngineSql.Of<TellAgents>("tell-agents.sql");

    public string Name => "tell-agents";

    public static QueueMessage Errand(Guid id, TenantId tenant, FlowId flow) =>
        new(Queues.FlowEvents, id,
            $$"""{"v":1,"tenant":"{{tenant}}","errand":"tell-agents","argument":"{{flow}}"}""")
        {
            Tenant = tenant, Subject = flow.ToString(), Priority = QueuePriority.Urgent,
        };

    public async Task RunAsync(TenantId tenant, string? argument, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(argument, out Guid flow)) throw new PermanentFault("bad_body", "no flow to tell about");
        foreach (Notice notice in await ReadAsync(tenant, flow, cancellationToken))
        {
            if (notice.Url is { Length: > 0 } url) await PostAsync(notice, new Uri(url), cancellationToken);
            if (notice.Phone is { Length: > 0 } phone) await WriteAsync(notice, phone, cancellationToken);
            await MarkAsync(tenant, notice, cancellationToken);
        }
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
            using HttpResponseMessage answer = await client.PostAsJsonAsync(
                url,
                new
                {
                    id = notice.Id, kind = notice.Kind, conversation = notice.Conversation, about = body.RootElement,
                },
                cancellationToken);
            if (!answer.IsSuccessStatusCode)
                throw new TransientFault("agent_webhook", $"an agent's webhook answered {(int)answer.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            throw new TransientFault("agent_webhook", "an agent's webhook did not answer", e);
        }
    }

    private async Task WriteAsync(Notice notice, string phone, CancellationToken cancellationToken)
    {
        ChannelAccount? account = await directory.FindAsync(new ChannelId(notice.Channel), cancellationToken);
        IChannel? channel = channels.FirstOrDefault(c => c.Kind == account?.Kind);
        if (account is null || channel is null) return;
        string text = HandoffTexts.Notice(notice.Kind);
        await channel.SendAsync(
            account, new OutboundMessage(new MessageId(notice.Id), notice.Id, phone, text), cancellationToken);
    }

    private sealed record Notice(
        Guid Id, Guid Conversation, string Kind, string Body, Guid Channel, string? Url, string? Phone);
}
