using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Ownership;
using Vellarys.Conversations.Sending.Failures;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>What was not delivered is told to staff, once.</summary>
public sealed class TellOfFailureTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Theory]
    [InlineData("131026")]
    [InlineData("131049")]
    [InlineData("131047")]
    public async Task ReplyRefused_BotInCharge_APersonIsCalled(string code)
    {
        await using Pipeline pipeline = await AnsweredAsync();
        Refuse(pipeline, code);
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Equal("waiting/undelivered", await ConversationAsync(pipeline));
        Assert.Equal("handoff", await pipeline.ScalarAsync<string>("select name from flows where ended_at is null"));
        DeliveryRow row = Assert.Single(await ListAsync(pipeline, "failed"));
        Assert.Equal(("provider:" + code, "waiting"), (row.Reason, row.ConversationStatus));
        Assert.False(string.IsNullOrEmpty(row.Note));
    }

    [Fact]
    public async Task StatusSaysFailed_APersonIsCalledOnceTheQueueComesToIt()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        await FailAsync(pipeline, "131026");
        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
        await pipeline.SettleAsync();

        Assert.Equal("waiting/undelivered", await ConversationAsync(pipeline));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where queue = 'message-delivery'"));
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task FailedThenDelivered_NobodyIsCalled()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        await FailAsync(pipeline, "131026");
        await pipeline.RecordAsync(Status(pipeline, await ProviderIdAsync(pipeline), "delivered", null));
        await pipeline.SettleAsync();

        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
        Assert.Equal("sent/delivered", await pipeline.ScalarAsync<string>(
            "select state || '/' || receipt from deliveries"));
    }

    [Fact]
    public async Task FailureToldAlready_GivenBack_DoesNotCallAgain()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        Refuse(pipeline, "131026");
        await pipeline.RunAsync(Queues.MessageDelivery);
        await pipeline.GiveBack.RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), CancellationToken.None);
        await FailAsync(pipeline, "131026");
        await pipeline.SweepDeliveries.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
        await pipeline.SettleAsync();

        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task OpenQuestion_WhenTheEarlierAnswerFails_IsThePersonsToAnswer()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        await pipeline.ReceiveAsync(Ana, "alô?");
        await FailAsync(pipeline, "131026");
        await pipeline.RunAsync(Queues.MessageDelivery);
        await pipeline.SettleAsync();

        Assert.Equal(["replied", "handed_off/undelivered"], await pipeline.ListAsync<string>(
            """
            select case outcome when 'replied' then outcome else outcome || '/' || reason end from turns
            order by to_turn
            """));
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task UnconfirmedReply_AfterItsOneRepetition_APersonIsCalled()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("131000", true));
        for (int n = 0; n < 4; n++)
        {
            await pipeline.TravelAsync(TimeSpan.FromMinutes(2));
            await pipeline.SettleAsync();
        }

        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal("waiting/undelivered", await ConversationAsync(pipeline));
        Assert.Equal("unconfirmed", Assert.Single(await ListAsync(pipeline, "failed")).Reason);
    }

    [Fact]
    public async Task FollowUpRefused_IsListedAndCallsNobody()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ExecuteAsync("update deliveries set class = 'followup'");
        Refuse(pipeline, "131049");
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
        Assert.Single(await ListAsync(pipeline, "failed"));
    }

    [Fact]
    public async Task StaffMessageRefused_WhoeverIsInChargeIsNotified()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        Guid rui = await AgentAsync(pipeline, "agent");
        await AgentAsync(pipeline, "supervisor");
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, rui, CancellationToken.None);
        await pipeline.ReplyAsStaff.RunAsync(pipeline.Tenant.Id, conversation, "Oi", CancellationToken.None);
        Refuse(pipeline, "131026");
        await pipeline.SettleAsync();

        Assert.Equal(rui, await pipeline.ScalarAsync<Guid>(
            "select agent_id from notifications where kind = 'delivery_failed'"));
        Assert.Equal("provider:131026", await pipeline.ScalarAsync<string>(
            "select body ->> 'reason' from notifications where kind = 'delivery_failed'"));
        Assert.Equal("human", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task CodeThatIsNoJson_IsToldAsItIs()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        await AgentAsync(pipeline, "supervisor");
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, CancellationToken.None);
        await pipeline.ReplyAsStaff.RunAsync(pipeline.Tenant.Id, conversation, "Oi", CancellationToken.None);
        Refuse(pipeline, "a\"b\\");
        await pipeline.SettleAsync();

        Assert.Equal("provider:a\"b\\", await pipeline.ScalarAsync<string>(
            "select body ->> 'reason' from notifications where kind = 'delivery_failed'"));
    }

    [Fact]
    public async Task FailureThatNobodyWasTold_IsSwept()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ExecuteAsync(
            """
            update deliveries set state = 'failed', reason = 'unconfirmed', untold = true;
            delete from queue_messages
            """);
        await pipeline.TravelAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await pipeline.SweepDeliveries.RunAsync(
            pipeline.Tenant.Id, TimeSpan.FromMinutes(5), CancellationToken.None));
        await pipeline.SettleAsync();

        Assert.Equal("waiting/undelivered", await ConversationAsync(pipeline));
    }

    [Fact]
    public async Task StaffReply_OutsideTheWindow_IsRefusedAtOnceAndStaysAsFailed()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        pipeline.Provider.HasServiceWindow = true;
        ConversationId conversation = await pipeline.ConversationAsync();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, CancellationToken.None);
        await pipeline.TravelAsync(TimeSpan.FromHours(25));
        StaffReply reply = await pipeline.ReplyAsStaff.RunAsync(
            pipeline.Tenant.Id, conversation, "Posso ligar?", CancellationToken.None);
        await pipeline.SettleAsync();

        Assert.Equal("outside_window", Assert.IsType<StaffReply.Refused>(reply).Code);
        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("failed/window_closed", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries where class = 'staff'"));

        // What was never sent was never said.
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, conversation, CancellationToken.None);
        await pipeline.ReceiveAsync(Ana, "voltei");
        await pipeline.SettleAsync();
        Assert.DoesNotContain(pipeline.Assistant.Asked.Last().History, l => l.Text == "Posso ligar?");
    }

    private static async Task<Pipeline> AnsweredAsync()
    {
        Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        return pipeline;
    }

    private static void Refuse(Pipeline pipeline, string code) =>
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused(code));

    private static async Task<Guid> AgentAsync(Pipeline pipeline, string role)
    {
        Guid id = Ids.New(TimeProvider.System);
        await pipeline.ExecuteAsync(
            "insert into agents (tenant_id, id, name, role) select t.id, @id, @role, @role from tenants t",
            new { id, role });
        return id;
    }

    private static async Task FailAsync(Pipeline pipeline, string code) =>
        await pipeline.RecordAsync(Status(
            pipeline, "wamid.failed", "failed", code,
            await pipeline.ScalarAsync<Guid>("select message_id from deliveries order by seq limit 1")));

    private static Task<string> ProviderIdAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<string>("select provider_message_id from deliveries");

    private static Task<string> ConversationAsync(Pipeline pipeline) => pipeline.ScalarAsync<string>(
        "select status || '/' || handoff_reason from conversations");

    private static Task<IReadOnlyList<DeliveryRow>> ListAsync(Pipeline pipeline, string state) =>
        new ListDeliveries(new(pipeline.App), new DeliveryNotes(pipeline.Directory)).RunAsync(
            pipeline.Tenant.Id, new DeliveryFilter([state], null, null, null, 10), CancellationToken.None);

    private static InboundEvent Status(
        Pipeline pipeline, string providerMessageId, string state, string? code, Guid? claim = null) =>
        pipeline.Message("", "") with
        {
            Kind = InboundKind.Status,
            EventId = $"{providerMessageId}:{state}",
            Address = null,
            Identities = [],
            Type = "status",
            Status = new StatusReport(providerMessageId, state, claim, code),
        };
}
