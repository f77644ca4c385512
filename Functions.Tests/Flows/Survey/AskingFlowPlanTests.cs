using Npgsql;
using Vellarys.Conversations.Answering;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Flows.Survey;

public sealed class AskingFlowPlanTests
{
    /// <summary>Every turn asks whether a flow waits for it; that must be one look into a small index.</summary>
    [Fact]
    public async Task Heads_AmongManyFlows_LookForTheFlowByContact()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await FillAsync(database);
        await using NpgsqlConnection connection = await database.App.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        Guid none = Ids.New(TimeProvider.System);
        batch.BatchCommands.Add(TenantScope.For([new TenantId(none)]));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("explain (costs off) " + EngineSql.Of<AnswerTurn>("answer-heads.sql"))
                .With((int[])[0]).With((Guid[])[none]).With((Guid[])[none]));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync()) plan.Add(reader.GetString(0));

        Assert.Contains(plan, line => line.Contains("ix_flows_listening on flows", StringComparison.Ordinal));
    }

    private static async Task FillAsync(TestDatabase database)
    {
        // Rows for the planner only: what they refer to does not matter.
        await using NpgsqlCommand fill = database.Owner.CreateCommand(
            """
            set session_replication_role = replica;
            insert into flows (tenant_id, id, name, conversation_id, contact_id, listens)
            select '00000000-0000-7000-8000-000000000001', new_id(), 'survey', new_id(), new_id(),
                case when n % 50 = 0 then 'answer' when n % 3 = 0 then 'message' else 'nothing' end
            from generate_series(1, 2000) n;
            set session_replication_role = origin;
            analyze flows
            """);
        await fill.ExecuteNonQueryAsync();
    }
}
