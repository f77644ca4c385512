using Vellarys.Channels;
using Vellarys.Intake;
using Vellarys.Intake.Unrouted;
using Vellarys.Messaging;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Intake;

/// <summary>Events that no channel could take, until one can.</summary>
public sealed class UnroutedTests
{
    [Fact]
    public async Task Kept_TwiceTheSame_IsOnceThere()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        UnroutedEvents events = Events(pipeline);
        await events.KeepAsync([Event("1"), Event("2")], CancellationToken.None);
        await events.KeepAsync([Event("1")], CancellationToken.None);
        IReadOnlyList<UnroutedRow> rows = await events.ListAsync(null, null, 10, CancellationToken.None);
        Assert.Equal(2, rows.Count);
        Assert.Equal(("scripted", "555", "Message", "unknown_number"),
            (rows[0].Provider, rows[0].Address, rows[0].Kind, rows[0].Reason));
        Assert.Equal("oi", (await events.ReadAsync(rows[0].Id, CancellationToken.None))!.Value
            .GetProperty("text").GetString());
        IReadOnlyList<UnroutedRow> rest = await events.ListAsync(
            rows[0].ReceivedAt, rows[0].Id, 10, CancellationToken.None);
        Assert.Equal(rows[1], Assert.Single(rest));
        Assert.True(await events.DeleteAsync(rows[0].Id, CancellationToken.None));
        Assert.Equal(1, await events.CountAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task ChannelThatExistsByNow_TakesThemOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        UnroutedEvents events = Events(pipeline);
        await events.KeepAsync(
            [Event("1"), Event("2"), Event("3") with { Address = "", Reason = "no_number" }], CancellationToken.None);
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        Assert.Empty(pipeline.Queued.Messages);

        await pipeline.ExecuteAsync(
            "update channels set address = '555' where id = @id", new { id = pipeline.Channel.Id.Value });
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        Assert.Equal(2, pipeline.Queued.Messages.Count);
        // What the customer writes from now on comes after them.
        Guid? order = Pipeline.Envelope(pipeline.Message("5511987650001", "e aí?")).Message.OrderKey;
        Assert.All(pipeline.Queued.Messages, m => Assert.Equal(order, m.OrderKey));
        foreach (QueueMessage message in pipeline.Queued.Messages)
            await pipeline.HandleAsync(new TestDelivery(message));
        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(*) from messages"));
        Assert.Equal("no_number", Assert.Single(
            await events.ListAsync(null, null, 10, CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task SignedWithATenantsOwnSecret_NeverReachesAnother()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await Events(pipeline).KeepAsync(
            [Event("1") with { OnlyFor = new TenantId(Ids.New(TimeProvider.System)) }], CancellationToken.None);
        await pipeline.ExecuteAsync(
            "update channels set address = '555' where id = @id", new { id = pipeline.Channel.Id.Value });
        Assert.Equal(0, await pipeline.RouteUnrouted.RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task SignedWithTheInstallationsSecret_NeverReachesANumberWithAnAppOfItsOwn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await Events(pipeline).KeepAsync(
            [
                Event("1"),
                Event("2") with { OnlyFor = pipeline.Tenant.Id },
                Event("3") with { Reason = "other_app" },
            ],
            CancellationToken.None);
        await pipeline.ExecuteAsync(
            "update channels set address = '555', webhook_secrets = '{own}' where id = @id",
            new { id = pipeline.Channel.Id.Value });
        Assert.Equal(1, await pipeline.RouteUnrouted.RunAsync(CancellationToken.None));
        Assert.Equal("2", Assert.Single(pipeline.Queued.Messages).Subject);

        // What was refused at the door stays refused, whatever becomes of the channel's own app.
        await pipeline.ExecuteAsync("update channels set webhook_secrets = '{}'");
        Assert.Equal(1, await pipeline.RouteUnrouted.RunAsync(CancellationToken.None));
        Assert.Equal("1", pipeline.Queued.Messages[^1].Subject);
    }

    [Fact]
    public async Task NotWantedInAMonth_Goes()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await Events(pipeline).KeepAsync([Event("1")], CancellationToken.None);
        await pipeline.ExecuteAsync("update unrouted_events set received_at = received_at - interval '31 days'");
        await pipeline.RouteUnrouted.RunAsync(CancellationToken.None);
        Assert.Equal(0, await Events(pipeline).CountAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task WhoeverSignsTooMany_HasNoMoreRoom_AndNobodyElseLacksIt()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        UnroutedEvents events = new(pipeline.App, TimeProvider.System, new IntakeOptions { MaxUnrouted = 3 });
        TenantId crowd = new(Ids.New(TimeProvider.System)), other = new(Ids.New(TimeProvider.System));
        Assert.Empty(await KeepAsync("a", 2, crowd));
        Assert.Empty(await KeepAsync("b", 4, crowd));
        Assert.Equal(4, (await KeepAsync("c", 4, crowd)).Count);
        Assert.Empty(await KeepAsync("d", 4, other));
        Assert.Empty(await KeepAsync("e", 4, null));
        // What is only to be looked at takes nothing from what may find its channel.
        Assert.Empty((await events.KeepAsync(
            [Event("f") with { Reason = "no_number", OnlyFor = crowd }], CancellationToken.None)).Over);
        Assert.Equal(15, await events.CountAsync(100, CancellationToken.None));

        // Another process finds it full, and room where some have gone.
        events = new(pipeline.App, TimeProvider.System, new IntakeOptions { MaxUnrouted = 3 });
        Assert.Single(await KeepAsync("g", 1, crowd));
        await pipeline.ExecuteAsync("delete from unrouted_events where event_id like 'b%'");
        events = new(pipeline.App, TimeProvider.System, new IntakeOptions { MaxUnrouted = 3 });
        Assert.Empty(await KeepAsync("g", 1, crowd));

        async Task<IReadOnlyList<UnroutedEvent>> KeepAsync(string name, int count, TenantId? onlyFor) =>
            (await events.KeepAsync(
                [.. Enumerable.Range(0, count).Select(n => Event($"{name}{n}") with { OnlyFor = onlyFor })],
                CancellationToken.None)).Over;
    }

    [Fact]
    public async Task FewButLarge_AreTooManyAsWell()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        for (int process = 0; process < 2; process++)
        {
            UnroutedEvents events = new(pipeline.App, TimeProvider.System, new IntakeOptions { MaxUnrouted = 10 });
            UnroutedEvent large = Event("1") with { OnlyFor = pipeline.Tenant.Id };
            large = large with { Event = large.Event with { Raw = new string('x', 50_000) } };
            Assert.Equal(process, (await events.KeepAsync([large], CancellationToken.None)).Over.Count);
            Assert.Single((await events.KeepAsync([large], CancellationToken.None)).Over);
        }
    }

    // The installation's app brings everybody's events: its webhooks are taken however much lies there.
    [Fact]
    public async Task InstallationsApp_WithTooMany_TakesTheNextInThePlaceOfTheOldestOfTheLoudest()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        UnroutedEvents events = new(pipeline.App, TimeProvider.System, new IntakeOptions { MaxUnrouted = 2 });
        await events.KeepAsync([Of("quiet", 0), .. Enumerable.Range(1, 19).Select(n => Of("loud", n))], default);

        UnroutedOutcome next = await events.KeepAsync([Of("new", 30)], default);

        Assert.Equal((0, 2), (next.Over.Count, next.Displaced));
        Assert.Equal(
            ["loud10,loud11,loud12,loud13,loud14,loud15,loud16,loud17,loud18,loud19,loud3,loud4,loud5,loud6,loud7,"
                + "loud8,loud9,new30,quiet0"],
            [await pipeline.ScalarAsync<string>(
                "select string_agg(event_id, ',' order by event_id collate \"C\") from unrouted_events")]);
    }

    [Fact]
    public async Task InstallationsApp_WhoseEventsAreOnTheirWay_LosesNoneOfThem()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        UnroutedEvents events = new(pipeline.App, TimeProvider.System, new IntakeOptions { MaxUnrouted = 1 });
        await pipeline.ExecuteAsync(
            "update channels set address = 'ready' where id = @id", new { id = pipeline.Channel.Id.Value });
        await events.KeepAsync([.. Enumerable.Range(0, 10).Select(n => Of("ready", n))], default);

        UnroutedOutcome next = await events.KeepAsync([Of("ready", 10)], default);

        Assert.Equal((0, 0), (next.Over.Count, next.Displaced));
        Assert.Equal(11, await pipeline.RouteUnrouted.RunAsync(default));
    }

    private static UnroutedEvent Of(string number, int second)
    {
        UnroutedEvent one = Event($"{number}{second}") with { Address = number };
        return one with { Event = one.Event with { ReceivedAt = one.Event.ReceivedAt.AddSeconds(second) } };
    }

    private static UnroutedEvents Events(Pipeline pipeline) =>
        new(pipeline.App, TimeProvider.System, new IntakeOptions());

    private static UnroutedEvent Event(string id) => new(
        "scripted", "555", new InboundEvent
        {
            Tenant = Guid.Empty,
            Channel = Guid.Empty,
            Kind = InboundKind.Message,
            EventId = id,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            SentAt = TimeProvider.System.GetUtcNow(),
            Address = "5511987650001",
            Identities = [new IdentityKey("phone", "5511987650001")],
            Text = "oi",
        },
        "unknown_number", null);
}
