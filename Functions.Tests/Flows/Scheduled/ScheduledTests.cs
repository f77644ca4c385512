using Vellarys.Channels;
using Vellarys.Flows.Campaign;
using Vellarys.Flows.Scheduled;
using Vellarys.Storage;
using Vellarys.Tests.Flows.Campaign;
using Xunit;

namespace Vellarys.Tests.Flows.Scheduled;

/// <summary>Messages for later, on a real database.</summary>
public sealed class ScheduledTests
{
    private static readonly TemplateMessage Reminder = new("lembrete", "pt_BR", ["10h"]);

    [Fact]
    public async Task Due_WokenThreeTimesAtOnce_IsSentOnce()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await AddAsync(stage, Reminder);
        await DueAsync(stage, id);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => SendAsync(stage, id)));
        await stage.Pipeline.SettleAsync();
        Assert.Equal("lembrete", Assert.Single(stage.Pipeline.Provider.Sends).Template!.Name);
        Assert.Equal("sent", (await ReadAsync(stage, id)).Status);
    }

    [Theory]
    [InlineData("scheduled:before-send")]
    [InlineData("scheduled:after-send")]
    public async Task Killed_AndWokenAgain_IsSentOnce(string point)
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await AddAsync(stage, Reminder);
        await DueAsync(stage, id);
        stage.Pipeline.CrashPoints.At = point;
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(stage, id));
        stage.Pipeline.CrashPoints.At = null;
        await SendAsync(stage, id);
        await stage.Pipeline.SettleAsync();
        Assert.Single(stage.Pipeline.Provider.Sends);
    }

    [Fact]
    public async Task Early_Cancelled_IsNeverSent()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await AddAsync(stage, Reminder);
        await SendAsync(stage, id);
        Assert.Equal("scheduled", (await ReadAsync(stage, id)).Status);
        Assert.True(await Messages(stage).CancelAsync(stage.Tenant, id, CancellationToken.None));
        await DueAsync(stage, id);
        await SendAsync(stage, id);
        await stage.Pipeline.SettleAsync();
        Assert.Empty(stage.Pipeline.Provider.Sends);
        Assert.False(await Messages(stage).CancelAsync(stage.Tenant, id, CancellationToken.None));
    }

    [Fact]
    public async Task Cancel_UntilItIsClaimed_TakesItBack()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await AddAsync(stage, Reminder);
        await DueAsync(stage, id);
        await SendAsync(stage, id);
        Assert.True(await Messages(stage).CancelAsync(stage.Tenant, id, CancellationToken.None));
        await stage.Pipeline.SettleAsync();
        Assert.Empty(stage.Pipeline.Provider.Sends);
    }

    [Fact]
    public async Task Text_OutsideTheWindow_FailsWhereStaffSeesIt()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await AddAsync(stage, null);
        await DueAsync(stage, id);
        await SendAsync(stage, id);
        await stage.Pipeline.SettleAsync();
        Assert.Empty(stage.Pipeline.Provider.Sends);
        ScheduledRow row = await ReadAsync(stage, id);
        Assert.Equal(("failed", "window_closed"), (row.Status, row.Reason));
    }

    [Fact]
    public async Task Lost_ByTheQueue_IsFoundByTheWatch()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await AddAsync(stage, Reminder);
        await stage.Pipeline.ExecuteAsync(
            """
            delete from queue_messages;
            update scheduled_messages set send_at = now() - interval '3 minutes',
                updated_at = now() - interval '3 minutes'
            """);
        var watch = new WatchCampaigns(
            stage.Pipeline.App, stage.Pipeline.Directory,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<WatchCampaigns>.Instance);
        Assert.Equal(1, await watch.RunAsync(stage.Tenant, CancellationToken.None));
        Assert.Equal(
            id.ToString(), await stage.Pipeline.ScalarAsync<string>("select subject from queue_messages"));
        Assert.Equal(0, await watch.RunAsync(stage.Tenant, CancellationToken.None));
    }

    private static ScheduledMessages Messages(CampaignStage stage) =>
        new(stage.Pipeline.App, new TenantReader(stage.Pipeline.App), TimeProvider.System);

    private static async Task<Guid> AddAsync(CampaignStage stage, TemplateMessage? template)
    {
        Guid contact = (await stage.ContactsAsync(1))[0];
        (Guid id, string? field, _) = await Messages(stage).AddAsync(
            stage.Tenant,
            new NewScheduled(null, contact, "Até amanhã!", template, TimeProvider.System.GetUtcNow().AddHours(1)),
            CancellationToken.None);
        Assert.Null(field);
        return id;
    }

    private static Task DueAsync(CampaignStage stage, Guid id) => stage.Pipeline.ExecuteAsync(
        "update scheduled_messages set send_at = now() where id = @id", new { id });

    private static Task SendAsync(CampaignStage stage, Guid id) =>
        new SendScheduled(stage.Pipeline.App, stage.Pipeline.CrashPoints, TimeProvider.System)
            .RunAsync(stage.Tenant, id.ToString(), CancellationToken.None);

    private static async Task<ScheduledRow> ReadAsync(CampaignStage stage, Guid id) =>
        (await Messages(stage).FindAsync(stage.Tenant, id, CancellationToken.None))!;
}
