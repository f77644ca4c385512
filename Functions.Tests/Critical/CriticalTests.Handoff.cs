using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Critical;

/// <summary>A hot lead is handed to a person exactly once, is told so, and the bot is silent from then on.</summary>
public sealed class CriticalTest3_HandoffOnHotLead
{
    private const string Ana = "5511987650001";

    [Fact]
    public async Task HotLead_IsHandedOffOnceAndTheBotFallsSilent()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = false });
        pipeline.Assistant.Answer = _ => Task.FromResult(ScriptedAssistant.Plain(
            "Um atendente já fala com você.", HandoffReason.HotLead, Qualification.Hot));
        await pipeline.ReceiveAsync(Ana, "quero fechar, me manda o pix");
        await pipeline.SettleAsync();
        await pipeline.ReceiveAsync(Ana, "alô?");
        await pipeline.ReceiveAsync(Ana, "tem alguém?");
        await pipeline.SettleAsync();

        Assert.Single(pipeline.Assistant.Asked);
        Assert.Equal("Um atendente já fala com você.", Assert.Single(pipeline.Provider.Sends).Text);
        Assert.Equal("waiting/hot_lead", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));
        Assert.Equal("hot", await pipeline.ScalarAsync<string>("select qualification from leads"));
        Assert.Equal(
            1, await pipeline.ScalarAsync<long>("select count(*) from turns where handoff_reason = 'hot_lead'"));
        Assert.Equal(3, await pipeline.ScalarAsync<long>(
            "select sum(to_turn - from_turn + 1) from turns where outcome = 'handed_off'"));
    }

    [Fact]
    public async Task HotLeadAnsweredTwiceAtOnce_IsHandedOffOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = false });
        pipeline.Assistant.Answer = _ => Task.FromResult(ScriptedAssistant.Plain(
            "Um atendente já fala com você.", HandoffReason.HotLead, Qualification.Hot));
        await pipeline.ReceiveAsync(Ana, "quero comprar agora");
        List<TestDelivery> due = await pipeline.TakeAsync(Vellarys.Messaging.Queues.AiResponse);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => pipeline.HandleAsync(new TestDelivery(due[0].Message))));
        await pipeline.SettleAsync();

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from turns"));
    }
}
