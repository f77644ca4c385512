using Npgsql;
using Vellarys.Channels;
using Vellarys.Intake;
using Vellarys.Messaging.Postgres.Sending;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

/// <summary>
/// A customer's messages are recorded in the order in which they were accepted, whoever holds them: another process, a
/// dead one, or the queue after a fault.
/// </summary>
public sealed class RecordOrderTests
{
    private const string Ana = "5511987650001";
    private const string Bia = "5511987650002";

    [Fact]
    public async Task LaterMessage_WhileAnEarlierOneIsHeldElsewhere_WaitsForIt()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        TestDelivery first = await AcceptAsync(pipeline, pipeline.Message(Ana, "primeira"));
        TestDelivery second = await AcceptAsync(pipeline, pipeline.Message(Ana, "segunda"));

        await pipeline.HandleAsync(second);
        Assert.NotNull(second.DeferredFor);
        Assert.Empty(await BodiesAsync(pipeline));

        await pipeline.HandleAsync(first);
        Assert.Null(first.DeferredFor);
        TestDelivery again = Again(second);
        await pipeline.HandleAsync(again);
        Assert.Null(again.DeferredFor);
        Assert.Equal(["primeira", "segunda"], await BodiesAsync(pipeline));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where queue = 'message-processing'"));
    }

    [Fact]
    public async Task LaterMessage_OfAHundredThatWait_GoesAfterAllOfThem()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        var waiting = new List<TestDelivery>();
        for (int n = 0; n < 100; n++) waiting.Add(await AcceptAsync(pipeline, pipeline.Message(Ana, $"{n}")));

        // Handed out back to front, again and again, as by processes that do not know of each other.
        while (waiting.Count > 0)
        {
            waiting.Reverse();
            await Task.WhenAll(waiting.Select(pipeline.HandleAsync));
            waiting = [.. waiting.Where(d => d.DeferredFor is not null).OrderBy(d => d.Message.Id).Select(Again)];
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"{n}"), await BodiesAsync(pipeline));
    }

    [Fact]
    public async Task EarlierMessageAfterALaterOneInTheSameSet_ComesFirst()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        TestDelivery first = await AcceptAsync(pipeline, pipeline.Message(Ana, "primeira"));
        TestDelivery second = await AcceptAsync(pipeline, pipeline.Message(Ana, "segunda"));
        TestDelivery other = await AcceptAsync(pipeline, pipeline.Message(Bia, "outra"));

        await Task.WhenAll(
            pipeline.HandleAsync(second), pipeline.HandleAsync(other), pipeline.HandleAsync(first));
        if (second.DeferredFor is not null) await pipeline.HandleAsync(Again(second));

        Assert.Null(other.DeferredFor);
        Assert.Equal(["primeira", "segunda"], await BodiesAsync(pipeline));
    }

    [Fact]
    public async Task SecondCopyInTheSameSet_HoldsNothingUp()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        InboundEvent first = pipeline.Message(Ana, "primeira");
        TestDelivery[] set =
        [
            await AcceptAsync(pipeline, first), await AcceptAsync(pipeline, first),
            await AcceptAsync(pipeline, pipeline.Message(Ana, "segunda")),
        ];

        // A set by itself, then the three as one set: the first to come occupies the only flush.
        Task[] all = [pipeline.ReceiveAsync(Bia, "outra"), .. set.Select(pipeline.HandleAsync)];
        await Task.WhenAll(all);

        Assert.All(set, d => Assert.Null(d.DeferredFor));
        Assert.Equal(["primeira", "segunda"], await BodiesAsync(pipeline));
    }

    [Fact]
    public async Task OtherCustomersAndStatuses_DoNotWait()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await AcceptAsync(pipeline, pipeline.Message(Ana, "primeira"));
        TestDelivery other = await AcceptAsync(pipeline, pipeline.Message(Bia, "outra"));
        TestDelivery status = await AcceptAsync(pipeline, pipeline.Message(Ana, "") with
        {
            Kind = InboundKind.Status,
            Status = new StatusReport("wamid.out", "delivered", null, null),
        });

        await Task.WhenAll(pipeline.HandleAsync(other), pipeline.HandleAsync(status));

        Assert.Null(other.DeferredFor);
        Assert.Null(status.DeferredFor);
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where subject <> 'wamid.1' and queue = 'message-processing'"));
    }

    [Fact]
    public async Task EarlierMessageThatCannotBeHandled_DoesNotHoldTheCustomerUpForEver()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await AcceptAsync(pipeline, pipeline.Message(Ana, "primeira"));
        await pipeline.ExecuteAsync(
            "update queue_messages set enqueued_at = now() - interval '11 minutes', history = '[{}]'");
        TestDelivery second = await AcceptAsync(pipeline, pipeline.Message(Ana, "segunda"));

        await pipeline.HandleAsync(second);

        Assert.Null(second.DeferredFor);
        Assert.Equal(["segunda"], await BodiesAsync(pipeline));
    }

    [Theory]
    [InlineData("attempts = 0")]
    [InlineData("attempts = 1, locked_by = gen_random_uuid()")]
    [InlineData("attempts = 2")]
    public async Task EarlierMessageOfAnOldBacklog_StillComesFirst(string standing)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        TestDelivery first = await AcceptAsync(pipeline, pipeline.Message(Ana, "primeira"));
        await pipeline.ExecuteAsync(
            $"update queue_messages set enqueued_at = now() - interval '40 minutes', {standing}");
        TestDelivery second = await AcceptAsync(pipeline, pipeline.Message(Ana, "segunda"));

        await pipeline.HandleAsync(second);
        Assert.NotNull(second.DeferredFor);
        await pipeline.HandleAsync(first);
        await pipeline.HandleAsync(Again(second));
        Assert.Equal(["primeira", "segunda"], await BodiesAsync(pipeline));
    }

    [Fact]
    public void Key_WhateverAPersonIsKnownByToo_IsThatOfTheirStrongestIdentity()
    {
        var channel = Ids.New(TimeProvider.System);
        Guid? Key(string address, params IdentityKey[] known) => InboundOrder.KeyOf(new InboundEvent
        {
            Tenant = Guid.Empty, Channel = channel, Kind = InboundKind.Message, EventId = "1",
            ReceivedAt = TimeProvider.System.GetUtcNow(), Address = address, Identities = known,
        });
        IdentityKey bsuid = new("bsuid", "BR.1"), phone = new("phone", Ana);

        Assert.Equal(Key("BR.1", bsuid), Key(Ana, bsuid, phone));
        Assert.Equal(Key(Ana, phone), Key("551187650001", phone));
        Assert.NotEqual(Key(Ana, phone), Key(Bia, new IdentityKey("phone", Bia)));
        Assert.Equal(Key("lid.7"), Key("lid.7"));
        Assert.NotEqual(Key("lid.7"), Key("lid.8"));
    }

    [Fact]
    public async Task ChangeOfNumber_WhileAnEarlierMessageIsHeldElsewhere_WaitsForIt()
    {
        const string Moved = "5511987650009";
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "antes");
        TestDelivery first = await AcceptAsync(pipeline, pipeline.Message(Ana, "primeira"));
        TestDelivery change = await AcceptAsync(pipeline, pipeline.Message(Ana, "User changed") with
        {
            Kind = InboundKind.Notice, Type = "system",
            Change = new IdentityChange(IdentityChange.Number, Moved, null, Moved),
        });

        await pipeline.HandleAsync(change);
        Assert.NotNull(change.DeferredFor);
        Assert.Equal(Ana, await pipeline.ScalarAsync<string>("select phone from contacts"));

        await pipeline.HandleAsync(first);
        await pipeline.HandleAsync(Again(change));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(Moved, await pipeline.ScalarAsync<string>("select reply_to from conversations"));
    }

    /// <summary>As a webhook leaves it in the queue, in a transaction of its own.</summary>
    private static async Task<TestDelivery> AcceptAsync(Pipeline pipeline, InboundEvent happened)
    {
        TestDelivery delivery = Pipeline.Envelope(happened);
        await using NpgsqlConnection connection = await pipeline.App.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(WorkerScope.Command());
        batch.BatchCommands.Add(QueueRows.Command([delivery.Message], null, Guid.Empty, returning: false));
        await batch.ExecuteNonQueryAsync();
        return delivery;
    }

    private static TestDelivery Again(TestDelivery delivery) => new(delivery.Message);

    private static Task<List<string>> BodiesAsync(Pipeline pipeline) =>
        pipeline.ListAsync<string>("select body from messages where body <> 'outra' order by seq");
}
