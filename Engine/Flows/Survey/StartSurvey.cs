using System.Text.Json.Serialization;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Survey;

/// <summary>Body of <c>nps-survey</c>: this conversation was closed a while ago. Written by its trigger.</summary>
/// <param name="V">Schema version.</param>
internal sealed record SurveyDue(int V, Guid Tenant, Guid Conversation);

[JsonSerializable(typeof(SurveyDue))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SurveyDueJson : JsonSerializerContext;

/// <summary>
/// Starts the survey of a closed conversation, unless the customer is talking to us again or was asked within the last
/// thirty days. A second copy of the message finds the first one's flow.
/// </summary>
public sealed class StartSurvey(NpgsqlDataSource database, ITenantDirectory tenants, IOutbox outbox) : IMessageHandler
{
    private static readonly string Sql = EngineSql.Of<StartSurvey>("start-survey.sql");

    public string Queue => Queues.NpsSurvey;

    public async Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        SurveyDue due = QueueBody.Read(received, SurveyDueJson.Default.SurveyDue, b => b.V);
        Tenant tenant = await tenants.FindAsync(new TenantId(due.Tenant), cancellationToken)
            ?? throw new PermanentFault("unknown_tenant", $"no tenant {due.Tenant}");
        if (SurveyPolicy.Of(tenant.Settings.Survey).Kind == SurveyKind.Off) return;
        try
        {
            await StartAsync(due, received, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task StartAsync(SurveyDue due, ReceivedMessage received, CancellationToken cancellationToken)
    {
        using Reservation none = outbox.Reserve(Queues.FlowEvents, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        // Two closed conversations of one customer: the second one sees what the first has started.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select lock_customer_of($1, $2)")
            .With(due.Tenant)
            .With(due.Conversation));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(due.Tenant).With(due.Conversation));
        if (outbox.CompleteCommand([received]) is { } settle) batch.BatchCommands.Add(settle);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await outbox.CommittedAsync(none, [], [received]);
    }
}
