using Vellarys.Accounts;
using Xunit;

namespace Vellarys.Tests.Flows.Reengagement;

/// <summary>Seven days with a silent customer, on a real database and a clock that the test moves.</summary>
public sealed class ReengagementTests
{
    private const string Ana = "5511987650001";

    private static readonly TenantSettings Settings = new()
    {
        QuietMs = 0,
        ShowsTyping = false,
        Reengagement = new ReengagementSettings
        {
            Enabled = true,
            // The test's clock starts at any hour of the day.
            QuietFrom = "00:00",
            QuietUntil = "00:00",
            Stages =
            [
                new() { AfterMinutes = 240 }, new() { AfterMinutes = 1200 },
                new() { AfterMinutes = 4320, Template = "tres_dias" },
                new() { AfterMinutes = 10080, Template = "sete_dias" },
            ],
        },
    };

    [Fact]
    public async Task SilentForSevenDays_GetsEveryStageOnceAndIsGivenUp()
    {
        await using FlowStage stage = await SilentAsync();
        while (await stage.SleepAsync())
        {
        }

        Assert.Equal(
            ["text", "text", "text", "template", "template"],
            await stage.Pipeline.ListAsync<string>("select kind from messages where role = 'bot' order by seq"));
        Assert.Equal("lost/lost", await stage.Pipeline.ScalarAsync<string>(
            """
            select f.outcome || '/' || l.reengagement_status
            from flows f join leads l on l.contact_id = f.contact_id
            """));
        Assert.Equal(5, stage.Pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task Reply_BeforeTheNudgeIsSent_UnsendsItInTheSameInstant()
    {
        await using FlowStage stage = await SilentAsync();
        stage.Clock.Advance(TimeSpan.FromHours(5));
        await stage.RunFlowsAsync();
        await stage.Pipeline.ReceiveAsync(Ana, "voltei!");
        await stage.SettleAsync();
        Assert.Equal("cancelled/customer_wrote", await stage.Pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries where class = 'followup'"));
        Assert.Equal("recovered", await stage.Pipeline.ScalarAsync<string>("select outcome from flows"));
        Assert.Equal(2, stage.Pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task OptOutWord_EndsItForGood()
    {
        await using FlowStage stage = await SilentAsync();
        await stage.SleepAsync();
        await stage.Pipeline.ReceiveAsync(Ana, "SAIR");
        await stage.SettleAsync();
        Assert.Equal("opted_out", await stage.Pipeline.ScalarAsync<string>("select outcome from flows"));
        stage.Clock.Advance(TimeSpan.FromHours(6));
        Assert.Equal(0, await stage.Scan.RunAsync(stage.Pipeline.Tenant, CancellationToken.None));
    }

    [Fact]
    public async Task Scan_RunTwice_StartsOneFlow()
    {
        await using FlowStage stage = await SilentAsync();
        Assert.Equal(0, await stage.Scan.RunAsync(stage.Pipeline.Tenant, CancellationToken.None));
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>("select count(*) from flows"));
    }

    [Fact]
    public async Task PersonInCharge_IsLeftAlone()
    {
        await using FlowStage stage = await SilentAsync();
        await stage.Pipeline.TakeOver.RunAsync(
            stage.Pipeline.Tenant.Id, await stage.Pipeline.ConversationAsync(), null, CancellationToken.None);
        await stage.RunFlowsAsync();
        Assert.Equal("left_to_human", await stage.Pipeline.ScalarAsync<string>("select outcome from flows"));
    }

    /// <summary>Ana asked, the bot answered, and then nothing for hours.</summary>
    private static async Task<FlowStage> SilentAsync()
    {
        FlowStage stage = await FlowStage.OpenAsync(Settings);
        await stage.Pipeline.ReceiveAsync(Ana, "quanto custa o sofá?");
        await stage.SettleAsync();
        stage.Clock.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(58));
        Assert.Equal(1, await stage.Scan.RunAsync(stage.Pipeline.Tenant, CancellationToken.None));
        await stage.RunFlowsAsync();
        return stage;
    }
}
