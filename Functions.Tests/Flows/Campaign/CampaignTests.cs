using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Flows.Campaign;
using Vellarys.Flows.Campaign.Planning;
using Vellarys.Messaging;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Flows.Campaign;

/// <summary>Campaigns from their list to the provider, on a real database.</summary>
public sealed class CampaignTests
{
    [Fact]
    public async Task Thousand_Contacts_GetOneMessageEach()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid[] contacts = await stage.ContactsAsync(1_000);
        Guid id = await stage.StartAsync(CampaignStage.Of(contacts) with { FirstStage = 100 });
        await stage.FinishAsync();
        CampaignDetail done = await stage.ReadAsync(id);
        Assert.Equal(("finished", 1_000L), (done.Status, done.Progress.Sent));
        Assert.Equal(1_000, stage.SentTo.Distinct().Count());
        Assert.Equal(1_000, stage.Pipeline.Provider.Sends.Count);
        Assert.All(
            stage.Pipeline.Provider.Sends,
            s => Assert.Equal(("promo", "Cliente " + s.To), (s.Template!.Name, s.Template.Parameters[0])));
    }

    [Fact]
    public async Task SameCampaign_FiredThreeTimesAtOnce_WritesToEachOnce()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid[] contacts = await stage.ContactsAsync(50);
        NewCampaign draft = CampaignStage.Of(contacts) with { Starts = false };
        Guid id = await stage.StartAsync(draft);
        CampaignSteered[] started = await Task.WhenAll(Enumerable.Range(0, 3)
            .Select(_ => stage.Steer.StartAsync(stage.Tenant, id, null, CancellationToken.None)));
        Assert.All(started, s => Assert.IsType<CampaignSteered.Done>(s));
        List<TestDelivery> taken = await stage.Pipeline.TakeAsync(Queues.CampaignDelivery);
        TestDelivery due = Assert.Single(taken);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => stage.Run.HandleAsync(
            new TestDelivery(due.Message), CancellationToken.None)));
        await stage.FinishAsync();
        Assert.Equal(50, stage.Pipeline.Provider.Sends.Count);
        Assert.Equal(50, stage.SentTo.Distinct().Count());
    }

    [Theory]
    [InlineData("campaign:before-step")]
    [InlineData("campaign:before-commit")]
    [InlineData("campaign:after-commit")]
    [InlineData("deliver:before-claim")]
    [InlineData("deliver:after-claim")]
    [InlineData("deliver:before-send")]
    [InlineData("deliver:after-send")]
    [InlineData("deliver:before-settle")]
    [InlineData("deliver:after-settle")]
    public async Task Killed_AnywhereAndResumed_NobodyTwiceAndNobodyForgotten(string point)
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await stage.StartAsync(CampaignStage.Of(await stage.ContactsAsync(20)));
        int deaths = 0;
        stage.Pipeline.CrashPoints.Reached = reached =>
        {
            if (reached == point && Interlocked.Increment(ref deaths) <= 3)
                throw new TransientFault("killed", "killed at " + point);
        };
        for (int i = 0; i < 12; i++)
        {
            await stage.StepAsync();
            await stage.PassAsync(TimeSpan.FromMinutes(2));
        }

        await stage.FinishAsync();
        CampaignProgress all = (await stage.ReadAsync(id)).Progress;
        Assert.True(deaths > 0);
        Assert.Equal(stage.SentTo.Distinct().Count(), stage.Pipeline.Provider.Sends.Count);
        Assert.Equal(20, all.Sent + all.Failed);
        // Whoever has nothing was given up visibly, because their message may have gone out.
        Assert.True(stage.Pipeline.Provider.Sends.Count + all.Failed >= 20);
    }

    [Fact]
    public async Task OptOut_BetweenPreviewAndSend_CountsAtTheSend()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid[] contacts = await stage.ContactsAsync(3);
        (CampaignPreview? preview, _) = await stage.Preview.RunAsync(
            stage.Tenant, CampaignStage.Of(contacts), CancellationToken.None);
        Assert.Equal(3, preview!.WillReceive);
        Assert.Equal(0, await stage.Pipeline.ScalarAsync<long>("select count(*) from campaigns"));

        Guid id = await stage.StartAsync(CampaignStage.Of(contacts));
        await stage.OptOutAsync(contacts[0]);
        await stage.Pipeline.RunAsync(Queues.CampaignDelivery);
        // Released, and not yet claimed.
        await stage.OptOutAsync(contacts[1]);
        await stage.FinishAsync();
        CampaignDetail done = await stage.ReadAsync(id);
        Assert.Single(stage.Pipeline.Provider.Sends);
        Assert.Equal((1L, 2L), (done.Progress.Sent, done.Progress.Skipped));
        Assert.Equal(2, done.Reasons["opted_out"]);
    }

    [Fact]
    public async Task Pause_TakesBackWhatIsNotClaimed_AndResumeSendsItOnce()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await stage.StartAsync(CampaignStage.Of(await stage.ContactsAsync(10)));
        await stage.Pipeline.RunAsync(Queues.CampaignDelivery);
        await stage.Steer.PauseAsync(stage.Tenant, id, CancellationToken.None);
        await stage.FinishAsync();
        Assert.Empty(stage.Pipeline.Provider.Sends);
        Assert.Equal(10, (await stage.ReadAsync(id)).Progress.Waiting);

        await stage.Steer.ResumeAsync(stage.Tenant, id, CancellationToken.None);
        await stage.FinishAsync();
        Assert.Equal(10, stage.SentTo.Distinct().Count());
        Assert.Equal(10, stage.Pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task Cancel_WhatIsNotClaimed_IsNeverSent()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid id = await stage.StartAsync(CampaignStage.Of(await stage.ContactsAsync(100)));
        await stage.Pipeline.RunAsync(Queues.CampaignDelivery);
        await stage.Steer.CancelAsync(stage.Tenant, id, CancellationToken.None);
        await stage.FinishAsync();
        Assert.Empty(stage.Pipeline.Provider.Sends);
        Assert.Equal(100, (await stage.ReadAsync(id)).Progress.Cancelled);
        Assert.IsType<CampaignSteered.Refused>(
            await stage.Steer.ResumeAsync(stage.Tenant, id, CancellationToken.None));
    }

    [Fact]
    public async Task FirstStage_ThatFails_StopsTheCampaignAndTells()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        stage.Pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused("131049"));
        Guid id = await stage.StartAsync(
            CampaignStage.Of(await stage.ContactsAsync(200)) with { FirstStage = 30, StageSeconds = 5 });
        await stage.FinishAsync();
        CampaignDetail stopped = await stage.ReadAsync(id);
        Assert.Equal(("paused", "failures"), (stopped.Status, stopped.PauseReason));
        Assert.Equal((30L, 170L), (stopped.Progress.Failed, stopped.Progress.Waiting));
        Assert.Equal(30, stopped.Reasons["provider:131049"]);

        stage.Pipeline.Provider.Outcome = m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));
        await stage.Steer.ResumeAsync(stage.Tenant, id, CancellationToken.None);
        await stage.FinishAsync();
        CampaignDetail done = await stage.ReadAsync(id);
        Assert.Equal(("finished", 170L), (done.Status, done.Progress.Sent));
    }

    [Fact]
    public async Task Skipped_ForAReason_IsToldAndNeverRaw()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync(new() { ConsentField = "marketing" });
        Guid[] contacts = await stage.ContactsAsync(5);
        await stage.Pipeline.ExecuteAsync(
            """
            update contacts set metadata = '{"marketing": true}' where id <> @none;
            update contacts set name = ' ' where id = @nameless;
            update contacts set phone = null where id = @silent;
            delete from identities where contact_id = @silent;
            update contacts set status = 'blocked' where id = @blocked
            """,
            new { none = contacts[0], nameless = contacts[1], silent = contacts[2], blocked = contacts[3] });
        Guid id = await stage.StartAsync(CampaignStage.Of(contacts));
        await stage.FinishAsync();
        CampaignDetail done = await stage.ReadAsync(id);
        Assert.Equal(
            ["blocked", "missing:name", "no_consent", "no_number"], done.Reasons.Keys.Order(StringComparer.Ordinal));
        OutboundMessage sent = Assert.Single(stage.Pipeline.Provider.Sends);
        Assert.DoesNotContain("{{", sent.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_ToACampaign_IsAnsweredByTheAssistant()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        await stage.StartAsync(CampaignStage.Of(await stage.ContactsAsync(1)));
        await stage.FinishAsync();
        await stage.Pipeline.ReceiveAsync("5511900000000", "quero!");
        await stage.Pipeline.SettleAsync();
        Assert.Equal(
            ["bot/Oi Cliente 5511900000000!", "cliente/quero!", "bot/Tudo bem!"],
            await stage.Pipeline.ListAsync<string>("select role || '/' || body from messages order by seq"));
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>("select count(*) from conversations"));
    }

    [Fact]
    public async Task PersonInCharge_IsNotInterrupted()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        await stage.Pipeline.ReceiveAsync("5511988880001", "oi");
        await stage.Pipeline.SettleAsync();
        await stage.Pipeline.TakeOver.RunAsync(
            stage.Tenant, await stage.Pipeline.ConversationAsync(), null, CancellationToken.None);
        Guid contact = await stage.Pipeline.ScalarAsync<Guid>("select id from contacts");
        Guid id = await stage.StartAsync(CampaignStage.Of([contact]));
        await stage.FinishAsync();
        Assert.Equal(1, (await stage.ReadAsync(id)).Reasons["person_in_charge"]);
    }

    [Fact]
    public async Task PersonComes_AfterTheRelease_IsNotInterruptedEither()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        await stage.Pipeline.ReceiveAsync("5511988880001", "oi");
        await stage.Pipeline.SettleAsync();
        int answers = stage.Pipeline.Provider.Sends.Count;
        Guid contact = await stage.Pipeline.ScalarAsync<Guid>("select id from contacts");
        Guid blocked = (await stage.ContactsAsync(1))[0];
        Guid id = await stage.StartAsync(CampaignStage.Of([contact, blocked]));
        await stage.Pipeline.RunAsync(Queues.CampaignDelivery);
        ConversationId conversation = new(await stage.Pipeline.ScalarAsync<Guid>(
            "select id from conversations where contact_id = @contact", new { contact }));
        await stage.Pipeline.TakeOver.RunAsync(stage.Tenant, conversation, null, CancellationToken.None);
        await stage.Pipeline.ExecuteAsync(
            "update contacts set status = 'blocked' where id = @blocked", new { blocked });
        await stage.FinishAsync();

        Assert.Equal(answers, stage.Pipeline.Provider.Sends.Count);
        IReadOnlyDictionary<string, long> reasons = (await stage.ReadAsync(id)).Reasons;
        Assert.Equal((1, 1), (reasons["person_in_charge"], reasons["blocked"]));
    }

    [Fact]
    public async Task Variants_AreSplitTheSameWayEachTime_AndCompared()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync(new() { MarketingPer10000 = 625 });
        NewCampaign campaign = CampaignStage.Of(
            await stage.ContactsAsync(200), CampaignStage.Promo("a"), CampaignStage.Promo("b") with { Weight = 3 });
        (CampaignPreview? preview, _) = await stage.Preview.RunAsync(stage.Tenant, campaign, CancellationToken.None);
        Assert.Equal(200, preview!.Variants.Sum());
        Assert.InRange(preview.Variants[0], 25, 75);
        Assert.Equal(200 * 0.0625m, preview.Cost.Amount);
        Guid id = await stage.StartAsync(campaign);
        await stage.FinishAsync();
        CampaignDetail done = await stage.ReadAsync(id);
        Assert.Equal(200, done.ByVariant.Sum(v => v.Sent));
        Assert.Equal(
            done.ByVariant.Select(v => v.Sent),
            [
                stage.Pipeline.Provider.Sends.LongCount(s => s.Template!.Name == "a"),
                stage.Pipeline.Provider.Sends.LongCount(s => s.Template!.Name == "b"),
            ]);
    }

    [Fact]
    public async Task Test_OfADraft_GoesToOneAndCountsForNothing()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        Guid[] contacts = await stage.ContactsAsync(2);
        Guid id = await stage.StartAsync(CampaignStage.Of(contacts) with { Starts = false });
        await stage.Test.RunAsync(stage.Tenant, id, contacts[0], 0, CancellationToken.None);
        await stage.FinishAsync();
        Assert.Single(stage.Pipeline.Provider.Sends);
        Assert.Equal(2, (await stage.ReadAsync(id)).Progress.Waiting);
    }

    [Fact]
    public async Task Interval_IsTheLeastBetweenTwo()
    {
        await using CampaignStage stage = await CampaignStage.OpenAsync();
        await stage.StartAsync(CampaignStage.Of(await stage.ContactsAsync(5)) with { IntervalMs = 400 });
        await stage.Pipeline.RunAsync(Queues.CampaignDelivery);
        Assert.Equal(
            [400.0, 400.0],
            await stage.Pipeline.ListAsync<double>(
                """
                select extract(epoch from due_at - lag(due_at) over (order by due_at))::float8 * 1000
                from queue_messages where queue = 'message-delivery' order by due_at offset 1
                """));
        await stage.FinishAsync();
        Assert.Equal(5, stage.Pipeline.Provider.Sends.Count);
    }
}
