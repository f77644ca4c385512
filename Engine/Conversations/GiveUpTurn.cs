using System.Text.Json;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Operations;
using Vellarys.Storage;

namespace Vellarys.Conversations;

/// <summary>
/// Calls a person as soon as the message that should have had a turn answered is given up, and writes the failure
/// down. A newer turn has a message of its own, which answers everything.
/// </summary>
internal sealed class GiveUpTurn(NpgsqlDataSource database, IRealtime realtime) : IDeadLetterHook
{
    private static readonly string Sql = EngineSql.Of<GiveUpTurn>("give-up-turn.sql");

    public string Queue => Queues.AiResponse;

    public async Task RunAsync(QueueMessage dead, CancellationToken cancellationToken)
    {
        if (Read(dead.Body) is not { } due) return;
        TenantId tenant = new(due.Tenant);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Sql).With(due.Tenant).With(due.Conversation).With(due.Turn));
        if (await batch.ExecuteNonQueryAsync(cancellationToken) > 0)
            realtime.Publish(new RealtimeEvent(tenant, new ConversationId(due.Conversation), "charge"));
    }

    private static TurnDue? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, BodiesJson.Default.TurnDue);
        }
        catch (JsonException)
        {
            return null; // Dead for this very reason.
        }
    }
}
