using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Accounts;
using Vellarys.Accounts.Platform;
using Vellarys.Conversations.Plans;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Conversations.Plans;

/// <summary>A customer's message whose company has used its plan up is kept, and a person's.</summary>
public sealed class PlanLimitTests
{
    private const string Ana = "5511987650001";
    private const string Bia = "5511987650002";

    [Fact]
    public async Task ModelTokens_UsedUp_NoModelIsAskedAndNoMessageIsLost()
    {
        await using Pipeline pipeline = await StartAsync("model_tokens_a_month", 100);
        await TalkAsync(pipeline, Ana, 6);
        await CountAsync(pipeline);
        Assert.Equal(["plan_warning 90"], await ToldAsync(pipeline));
        await TalkAsync(pipeline, Ana, 1);
        await CountAsync(pipeline);
        // Told once, however often it is counted.
        await CountAsync(pipeline);
        Assert.Equal(["plan_warning 90", "plan_limit 105"], await ToldAsync(pipeline));
        Assert.Equal(7, pipeline.Assistant.Asked.Count);

        await TalkAsync(pipeline, Ana, 1);
        Assert.Equal(7, pipeline.Assistant.Asked.Count);
        Assert.Equal("waiting/plan_limit", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));
        Assert.Equal(8, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'cliente'"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select turn - answered_turn from conversations"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from flows where name = 'handoff'"));
        // The customer heard of it, and what they write to the person is kept as well.
        Assert.Equal(8, pipeline.Provider.Sends.Count);
        await TalkAsync(pipeline, Ana, 1);
        Assert.Equal(9, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'cliente'"));

        // A larger plan holds from the next count on.
        await pipeline.ExecuteAsync("update plans set model_tokens_a_month = 1000");
        await CountAsync(pipeline);
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, await pipeline.ConversationAsync(), default);
        await pipeline.SettleAsync();
        Assert.Equal(8, pipeline.Assistant.Asked.Count);
    }

    [Fact]
    public async Task Messages_UsedUp_ThenTheMonthIsOver_TheAssistantIsBack()
    {
        await using Pipeline pipeline = await StartAsync("messages_a_month", 4);
        await TalkAsync(pipeline, Ana, 2);
        await CountAsync(pipeline);
        await TalkAsync(pipeline, Bia, 1);
        Assert.Equal(2, pipeline.Assistant.Asked.Count);

        await pipeline.ExecuteAsync(
            """
            update plan_usage set month = month - 1;
            delete from messages;
            """);
        await CountAsync(pipeline);
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, await pipeline.ConversationAsync(), default);
        await TalkAsync(pipeline, Bia, 1);
        Assert.Equal(3, pipeline.Assistant.Asked.Count);
    }

    [Fact]
    public async Task Conversations_UsedUp_NewOnesGoToAPersonAndThoseBefore_GoOn()
    {
        await using Pipeline pipeline = await StartAsync("conversations_a_month", 1);
        await TalkAsync(pipeline, Ana, 1);
        await CountAsync(pipeline);

        await TalkAsync(pipeline, Bia, 1);
        await TalkAsync(pipeline, Ana, 1);
        Assert.Equal(["bot", "waiting"], await pipeline.ListAsync<string>(
            "select status from conversations order by created_at"));
        Assert.Equal(2, pipeline.Assistant.Asked.Count);
    }

    [Fact]
    public async Task Count_ByManyAtOnceAndBitByBit_CountsEachOnce()
    {
        await using Pipeline pipeline = await StartAsync("messages_a_month", 1_000);
        for (int round = 1; round <= 3; round++)
        {
            await TalkAsync(pipeline, Ana, 2);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(
                _ => Count(pipeline).RunAsync(pipeline.Tenant.Id, default)));
        }

        PlanStanding standing = (await Count(pipeline).RunAsync(pipeline.Tenant.Id, default))!;
        Assert.Equal((12, 1, 90), (standing.Messages, standing.Conversations, standing.ModelTokens));
    }

    private static async Task<Pipeline> StartAsync(string column, long limit)
    {
        Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ExecuteAsync(
            $"""
            with plan as (
                insert into plans (id, name, {column}) values (gen_random_uuid(), 'Loja', @limit) returning id
            )
            update tenants set plan_id = plan.id from plan;
            insert into agents (tenant_id, id, name, role)
            select id, gen_random_uuid(), 'Rita', 'supervisor' from tenants;
            """,
            new { limit });
        return pipeline;
    }

    private static async Task TalkAsync(Pipeline pipeline, string from, int times)
    {
        for (int n = 0; n < times; n++)
        {
            await pipeline.ReceiveAsync(from, $"Qual é o horário da loja {n}?");
            await pipeline.ExecuteAsync(
                "update conversations set window_started_at = null, window_count = 0;"
                + "update queue_messages set due_at = now() where queue = 'ai-response'");
            await pipeline.SettleAsync();
        }
    }

    /// <summary>As the job does, and what each instance's directory does within seconds.</summary>
    private static async Task CountAsync(Pipeline pipeline)
    {
        await new CountPlans(Count(pipeline), Usage(pipeline), NullLogger<CountPlans>.Instance).RunAsync(default);
        TenantDirectory directory = new(pipeline.App, TimeProvider.System, NullLogger<TenantDirectory>.Instance);
        PlanLimit? limit = (await directory.FindAsync(pipeline.Tenant.Id, default))!.Limit;
        pipeline.Directory.Put(pipeline.Tenant with { Limit = limit });
    }

    private static CountPlanUse Count(Pipeline pipeline) =>
        new(new TenantReader(pipeline.App), Usage(pipeline), behind: TimeSpan.Zero);

    private static PlanUsageStore Usage(Pipeline pipeline) =>
        new(pipeline.App, new TenantReader(pipeline.App), pipeline.Directory);

    private static Task<List<string>> ToldAsync(Pipeline pipeline) => pipeline.ListAsync<string>(
        "select kind || ' ' || (body ->> 'used') from notifications where kind like 'plan%' order by created_at");
}
