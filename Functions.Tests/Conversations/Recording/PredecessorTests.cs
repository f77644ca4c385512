using Vellarys.Conversations.Recording;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

/// <summary>
/// Where the queue keeps no order, a message waits for the one that it follows: as long as that one may still come, and
/// no longer.
/// </summary>
public sealed class PredecessorTests
{
    private const string Ana = "5511987650001";

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(600)]
    public async Task Message_HoweverOld_WaitsForTheOneThatItFollows(int minutes)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        TestDelivery first = Message(pipeline, "primeira", "wamid.1", null, minutes);
        TestDelivery second = Message(pipeline, "segunda", "wamid.2", "wamid.1", minutes);

        await pipeline.HandleAsync(second);
        Assert.NotNull(second.DeferredFor);

        await pipeline.HandleAsync(first);
        TestDelivery again = new(second.Message);
        await pipeline.HandleAsync(again);
        Assert.Null(again.DeferredFor);
        Assert.Equal(["primeira", "segunda"], await BodiesAsync(pipeline));
    }

    [Fact]
    public async Task Message_AfterOneThatLiesAmongTheDeadLetters_GoesOn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await BuryAsync(pipeline, "wamid.1");
        TestDelivery second = Message(pipeline, "segunda", "wamid.2", "wamid.1");

        await pipeline.HandleAsync(second);

        Assert.Null(second.DeferredFor);
        Assert.Equal(["segunda"], await BodiesAsync(pipeline));
    }

    [Fact]
    public async Task Message_AfterADeadLetterThatIsOnItsWayAgain_Waits()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await BuryAsync(pipeline, "wamid.1");
        await pipeline.ExecuteAsync(
            """
            with back as (delete from queue_dead_letters returning id, queue, priority, tenant_id, subject, body)
            insert into queue_messages (id, queue, priority, tenant_id, subject, body) select * from back
            """);
        TestDelivery second = Message(pipeline, "segunda", "wamid.2", "wamid.1");

        await pipeline.HandleAsync(second);

        Assert.NotNull(second.DeferredFor);
        Assert.Empty(await BodiesAsync(pipeline));
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public async Task Message_AfterOneThatIsNowhere_WaitsForAQuarterOfAnHourOfLooking(int minutes, bool waits)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        QueueMessage second = Message(pipeline, "segunda", "wamid.2", "wamid.1", minutesOld: 600).Message;
        TestDelivery delivery = new(second) { Waited = TimeSpan.FromMinutes(minutes) };

        await pipeline.HandleAsync(delivery);

        Assert.Equal(waits, delivery.DeferredFor is not null);
    }

    [Fact]
    public async Task Messages_OfManyCustomersAtOnce_EachWaitsForItsOwn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        // Recorded, but not as this process' own: the database has to be asked.
        QueueMessage even = Message(pipeline, "primeira", "wamid.even", null).Message;
        await pipeline.HandleAsync(new TestDelivery(
            new QueueMessage(even.Queue, even.Id, even.Body) { Tenant = even.Tenant, Subject = even.Subject }));
        TestDelivery[] all =
        [
            .. Enumerable.Range(0, 100).Select(n =>
                Message(pipeline, $"{n}", $"wamid.{n}", n % 2 == 0 ? "wamid.even" : "wamid.odd")),
        ];

        await Task.WhenAll(all.Select(pipeline.HandleAsync));

        Assert.All(all.Select((d, n) => (d, n)), x => Assert.Equal(x.n % 2 == 0, x.d.DeferredFor is null));
    }

    [Fact]
    public void Pause_OfALongerWait_IsLongerAndNeverMoreThanTenSeconds()
    {
        TimeSpan[] pauses =
        [
            .. new[] { 0, 0.1, 1, 10, 60, 840 }.Select(s => Predecessor.Pause(new TestDelivery(
                new QueueMessage(Queues.MessageProcessing, Guid.Empty, "")) { Waited = TimeSpan.FromSeconds(s) })),
        ];

        Assert.Equal([40, 40, 250, 2_500, 10_000, 10_000], pauses.Select(p => p.TotalMilliseconds));
    }

    private static Task BuryAsync(Pipeline pipeline, string subject) => pipeline.ExecuteAsync(
        """
        insert into queue_dead_letters
            (id, queue, priority, attempts, tenant_id, subject, body, code, reason, enqueued_at)
        values (gen_random_uuid(), 'message-processing', 1, 3, @tenant, @subject, '{}', 'bad_body', '', now())
        """,
        new { tenant = pipeline.Tenant.Id.Value, subject });

    private static TestDelivery Message(
        Pipeline pipeline, string text, string id, string? follows, int minutesOld = 0)
    {
        QueueMessage message = Pipeline.Envelope(pipeline.Message(Ana, text, id)).Message;
        Guid made = Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMinutes(-minutesOld));
        return new TestDelivery(new QueueMessage(message.Queue, made, message.Body)
        {
            Tenant = message.Tenant, Subject = message.Subject, OrderKey = message.OrderKey, Follows = follows,
        });
    }

    private static Task<List<string>> BodiesAsync(Pipeline pipeline) =>
        pipeline.ListAsync<string>("select body from messages order by seq");
}
