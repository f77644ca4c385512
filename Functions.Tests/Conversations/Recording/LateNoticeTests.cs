using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

/// <summary>What a customer wrote is not lost because the notice about who they are comes after it.</summary>
public sealed class LateNoticeTests
{
    private const string Old = "5541987650001";
    private const string New = "5541987650002";
    private const string Question = "quero um atendente";
    private const string Secret = "minha alergia é a amendoim";

    private static readonly IdentityChange Moved = new(IdentityChange.Number, New, null, New);
    private static readonly IdentityChange Owner = new(IdentityChange.Owner, null, null, null);

    [Fact]
    public async Task NumberChanged_HeardAfterAMessageFromTheNewNumber_ItIsAnswered()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Old, Secret);
        await pipeline.SettleAsync();
        DateTimeOffset moved = TimeProvider.System.GetUtcNow();
        await pipeline.ReceiveAsync(New, Question);
        await NoticeAsync(pipeline, Moved, moved);
        await pipeline.SettleAsync();

        Assert.Equal(Question, pipeline.Assistant.Asked.Last().History[^1].Text);
        Assert.Equal(New, pipeline.Provider.Sends.Last().To);
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from conversations where status = 'closed'"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from identity_merge_suggestions"));
        Assert.Equal(New, await pipeline.ScalarAsync<string>(
            "select reply_to from conversations order by created_at limit 1"));

        // Whoever gets the old number is a stranger all the same.
        await pipeline.ReceiveAsync(Old, "número novo aqui");
        await pipeline.SettleAsync();
        Assert.DoesNotContain(
            pipeline.Assistant.Asked.Last().History, l => l.Text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NumberChanged_HeardWhileTheNewNumberWaitsForAPerson_GoesOnWaiting()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Old, "SAIR");
        await pipeline.SettleAsync();
        DateTimeOffset moved = TimeProvider.System.GetUtcNow();
        pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain("já chamo", HandoffReason.CustomerAsked));
        await pipeline.ReceiveAsync(New, Question);
        await pipeline.SettleAsync();
        await NoticeAsync(pipeline, Moved, moved);

        Assert.Equal("bot waiting", await pipeline.ScalarAsync<string>(
            "select string_agg(status, ' ' order by created_at) from conversations"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>(
            "select count(*) from flows where name = 'handoff' and ended_at is null"));
        // The wish to be left in peace is the person's, not the number's.
        Assert.Equal(2, await pipeline.ScalarAsync<long>(
            "select count(*) from contacts where opted_out_at is not null"));
    }

    [Theory]
    [InlineData("bot")]
    [InlineData("waiting")]
    public async Task NumberChanged_ToANumberThatOthersWroteFrom_WhatTheyAreOwedIsAPersons(string status)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        if (status == "waiting")
        {
            pipeline.Assistant.Answer = _ => Task.FromResult(
                ScriptedAssistant.Plain("já chamo", HandoffReason.CustomerAsked));
        }

        await pipeline.ReceiveAsync(New, Question);
        if (status == "waiting") await pipeline.SettleAsync();
        await pipeline.ReceiveAsync(Old, "oi");
        await NoticeAsync(pipeline, Moved, TimeProvider.System.GetUtcNow());
        int sent = pipeline.Provider.Sends.Count;
        await pipeline.SettleAsync();

        Assert.Equal("waiting", await FirstAsync(pipeline, "status"));
        Assert.Equal("handed_off", await pipeline.ScalarAsync<string>(
            """
            select t.outcome from turns t
            where t.conversation_id = (select id from conversations order by created_at limit 1)
            """));
        Assert.DoesNotContain(pipeline.Provider.Sends.Skip(sent), s => s.To == "");
        Assert.Equal(1, await pipeline.ScalarAsync<long>(
            """
            select count(*) from flows f
            where f.name = 'handoff' and f.ended_at is null
                and f.conversation_id = (select id from conversations order by created_at limit 1)
            """));
    }

    [Theory]
    [InlineData(-1, Old)]
    [InlineData(1, "")]
    public async Task OwnerChanged_HeardWithAMessageUnanswered_APersonIsCalledAndNothingOldIsSent(
        int noticeSeconds, string answeredAt)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Old, Secret);
        await pipeline.SettleAsync();
        int sent = pipeline.Provider.Sends.Count;
        await pipeline.ReceiveAsync(Old, Question);
        await NoticeAsync(pipeline, Owner, TimeProvider.System.GetUtcNow().AddSeconds(noticeSeconds));
        await pipeline.SettleAsync();

        Assert.Equal(sent, pipeline.Provider.Sends.Count);
        Assert.Equal("waiting", await FirstAsync(pipeline, "status"));
        Assert.Equal("number_given_up", await FirstAsync(pipeline, "handoff_reason"));
        Assert.Equal(answeredAt, await FirstAsync(pipeline, "reply_to"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>(
            "select count(*) from turns where outcome = 'handed_off' and reason = 'number_given_up'"));

        await pipeline.ReceiveAsync(Old, "oi");
        await pipeline.SettleAsync();
        Assert.DoesNotContain(
            pipeline.Assistant.Asked.Last().History, l => l.Text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReplyToANumberThatWasGivenUp_FailsWithoutTheProvider()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Old, Question);
        await NoticeAsync(pipeline, Owner, TimeProvider.System.GetUtcNow().AddSeconds(1));
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, default);
        await pipeline.ReplyAsStaff.RunAsync(pipeline.Tenant.Id, conversation, "Recebi.", default);
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("failed/number_given_up", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries"));
    }

    private static Task<string> FirstAsync(Pipeline pipeline, string column) =>
        pipeline.ScalarAsync<string>($"select {column} from conversations order by created_at limit 1");

    private static Task NoticeAsync(Pipeline pipeline, IdentityChange change, DateTimeOffset at) =>
        pipeline.RecordAsync(pipeline.Message(Old, "User changed") with
        {
            Kind = InboundKind.Notice, Type = "system", Change = change, SentAt = at,
        });
}
