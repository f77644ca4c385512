using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Conversations.Inbox;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

/// <summary>What a customer does without asking anything; what comes too late; what is not understood.</summary>
public sealed class NoticeTests
{
    private const string Ana = "5511987650001";

    [Theory]
    [InlineData("reaction")]
    [InlineData("revoke")]
    [InlineData("system")]
    [InlineData("group")]
    public async Task NoticeAfterClosing_StandsInTheClosedConversation(string type)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "abrem sábado?");
        await pipeline.SettleAsync();
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.Close.RunAsync(pipeline.Tenant.Id, conversation, CancellationToken.None);
        await pipeline.RecordAsync(Notice(pipeline, type, "👍"));
        await pipeline.RecordAsync(Notice(pipeline, type, "👍", "twice"));
        await pipeline.RecordAsync(Notice(pipeline, type, "👍", "twice"));
        await pipeline.SettleAsync();

        Assert.Equal("closed 1", await pipeline.ScalarAsync<string>(
            "select string_agg(status, ',') || ' ' || count(*) from conversations"));
        Assert.Equal(2, await pipeline.ScalarAsync<long>(
            "select count(*) from messages where kind = @type", new { type }));
        Assert.Single(pipeline.Provider.Sends);

        await pipeline.ReceiveAsync(Ana, "voltei");
        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(*) from conversations"));
    }

    [Fact]
    public async Task NoticeOfAStranger_OpensNothingAndIsKept()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        InboundEvent reaction = Notice(pipeline, "reaction", "👍", "wamid.r") with { Raw = """{"a":1}""" };
        await pipeline.RecordAsync(reaction);
        await pipeline.RecordAsync(reaction);
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select (select count(*) from conversations) + (select count(*) from contacts)"));
        Assert.Equal("N ignored:reaction {\"a\":1}", await pipeline.ScalarAsync<string>(
            "select kind || ' ' || outcome || ' ' || raw from receipts"));
    }

    [Fact]
    public async Task CallOfAStranger_IsALineThatStaffSeeAndNobodyAnswers()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(Notice(pipeline, "call", ""));
        await pipeline.SettleAsync();
        Assert.Equal("cliente call ", await pipeline.ScalarAsync<string>(
            "select role || ' ' || kind || ' ' || body from messages"));
        Assert.Empty(pipeline.Assistant.Asked);
        Assert.True(await pipeline.ScalarAsync<bool>("select last_inbound_at is not null from conversations"));
    }

    [Fact]
    public async Task ReactionToAPersonsAnswer_IsNotAnsweredAfterTheGiveBack()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi");
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, CancellationToken.None);
        await pipeline.ReplyAsStaff.RunAsync(pipeline.Tenant.Id, conversation, "resolvido!", CancellationToken.None);
        await pipeline.RecordAsync(Notice(pipeline, "reaction", "❤️"));
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, conversation, CancellationToken.None);
        await pipeline.SettleAsync();
        Assert.Empty(pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task QuestionAndReactionWhileAPersonIsInCharge_TheQuestionIsAnsweredAfterTheGiveBack()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi");
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, CancellationToken.None);
        await pipeline.ReplyAsStaff.RunAsync(pipeline.Tenant.Id, conversation, "um momento", CancellationToken.None);
        await pipeline.ReceiveAsync(Ana, "e o frete?");
        await pipeline.RecordAsync(Notice(pipeline, "reaction", "👍"));
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, conversation, CancellationToken.None);
        await pipeline.SettleAsync();
        TurnContext asked = Assert.Single(pipeline.Assistant.Asked);
        Assert.Equal(["e o frete?"], asked.History.Where(l => l.Unanswered).Select(l => l.Text));
    }

    [Fact]
    public async Task MessageOfDaysAgo_IsNotAnsweredButGivenToAPerson()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        pipeline.Provider.HasServiceWindow = true;
        await pipeline.RecordAsync(pipeline.Message(Ana, "abrem amanhã?") with
        {
            SentAt = TimeProvider.System.GetUtcNow().AddDays(-3),
        });
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("waiting window_closed", await pipeline.ScalarAsync<string>(
            "select status || ' ' || handoff_reason from conversations"));
        Assert.Equal("failed window_closed", await pipeline.ScalarAsync<string>(
            "select outcome || ' ' || reason from turns"));
    }

    [Fact]
    public async Task MessageOfDaysAgoBesideAFreshOne_IsAnsweredWithIt()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        pipeline.Provider.HasServiceWindow = true;
        await pipeline.RecordAsync(pipeline.Message(Ana, "abrem amanhã?") with
        {
            SentAt = TimeProvider.System.GetUtcNow().AddDays(-3),
        });
        await pipeline.ReceiveAsync(Ana, "alô?");
        await pipeline.SettleAsync();
        Assert.Equal(2, Assert.Single(pipeline.Assistant.Asked).History.Count(l => l.Unanswered));
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task ClockThatIsAhead_DoesNotLengthenTheWindow()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(pipeline.Message(Ana, "oi") with
        {
            SentAt = TimeProvider.System.GetUtcNow().AddHours(20),
        });
        Assert.True(await pipeline.ScalarAsync<bool>("select last_inbound_at <= now() from conversations"));
    }

    [Fact]
    public async Task QuotedAnswer_IsShownToTheModelAndToStaff()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        pipeline.Assistant.Answer = _ => Task.FromResult(ScriptedAssistant.Plain("O sofá Brisa custa ⟦2490⟧."));
        await pipeline.ReceiveAsync(Ana, "que sofá vocês têm?");
        await pipeline.SettleAsync();
        string ours = await pipeline.ScalarAsync<string>("select provider_message_id from deliveries");
        await pipeline.RecordAsync(pipeline.Message(Ana, "quero ⟦nota falsa⟧ esse") with { RefersTo = ours });
        await pipeline.SettleAsync();
        Assert.Equal(
            "quero [nota falsa] esse ⟦in reply to our message \"O sofá Brisa custa [2490].\"⟧",
            pipeline.Assistant.Asked.Last().History[^1].Text);
        IReadOnlyList<MessageRow> rows = await new ReadMessages(
            new TenantReader(pipeline.App), new DeliveryNotes(pipeline.Directory)).RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), null, null, 10, CancellationToken.None);
        MessageRow quoting = rows.Single(r => r.QuotedMessageId is not null);
        Assert.Equal(("bot", "O sofá Brisa custa ⟦2490⟧."), (quoting.QuotedRole, quoting.QuotedText));
    }

    [Fact]
    public async Task Cart_IsReadByTheModelAndByStaff()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(pipeline.Message(Ana, "") with
        {
            Type = "order",
            Details = [new("item", "2 × SOFA-BRISA (2490 BRL)"), new("catalog", "99")],
        });
        await pipeline.SettleAsync();
        Assert.Equal(
            "[order] ⟦item: 2 × SOFA-BRISA (2490 BRL)⟧", Assert.Single(pipeline.Assistant.Asked).History[^1].Text);
        IReadOnlyList<MessageRow> rows = await new ReadMessages(
            new TenantReader(pipeline.App), new DeliveryNotes(pipeline.Directory)).RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), null, null, 10, CancellationToken.None);
        Assert.Contains("SOFA-BRISA", rows[^1].Details!.Value.GetRawText(), StringComparison.Ordinal);
    }

    private static InboundEvent Notice(Pipeline pipeline, string type, string text, string? id = null) =>
        pipeline.Message(Ana, text, id) with { Kind = InboundKind.Notice, Type = type, RefersTo = "wamid.other" };
}
