using Microsoft.Extensions.Logging;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Channels.Stops;
using Vellarys.Health;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>When a number stops sending, and what gets it going again.</summary>
public sealed class ChannelStopsTests
{
    private const string Ana = "5511987650001";
    private const string Bia = "5511987650002";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Fact]
    public async Task OneRefusal_ThenASend_StopsNothingAndIsForgotten()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        Refuse(pipeline, "190");
        await pipeline.RunAsync(Queues.MessageDelivery);
        Assert.Equal("active/190", await StandingAsync(pipeline));
        Assert.Equal("pending/190/0", await DeliveryAsync(pipeline));

        Accept(pipeline);
        await PassAsync(pipeline, TimeSpan.FromSeconds(5));
        Assert.Equal("active", await StandingAsync(pipeline));
        Assert.Equal("sent/1", await DeliveryAsync(pipeline));
        Assert.Equal(2, pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task RefusalsOfCallsThatRanAtOnce_AreOneLook()
    {
        await using Pipeline pipeline = await AnsweredAsync(Ana, Bia, "5511987650003");
        var all = new TaskCompletionSource();
        int begun = 0;
        pipeline.Provider.Outcome = async _ =>
        {
            if (Interlocked.Increment(ref begun) == 3) all.SetResult();
            await all.Task;
            return new SendOutcome.Refused("190", StopsChannel: true);
        };
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Equal(3, pipeline.Provider.Sends.Count);
        Assert.Equal("active/190", await StandingAsync(pipeline));
    }

    [Fact]
    public async Task SecondRefusal_StopsTheChannelForAllToSee()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ExecuteAsync(
            """
            insert into agents (tenant_id, id, name, role)
            select id, gen_random_uuid(), r, r from tenants, unnest(array['agent', 'supervisor']) r
            """);
        await StopAsync(pipeline);

        Assert.Equal("stopped/190/provider", await StandingAsync(pipeline));
        (LogLevel level, string line) = pipeline.StopsLog.Lines.Last();
        Assert.Equal(LogLevel.Error, level);
        Assert.Contains(pipeline.Channel.Id.ToString(), line, StringComparison.Ordinal);
        Assert.Contains("stopped (190)", line, StringComparison.Ordinal);
        Assert.Equal("supervisor/channel_stopped/190", await pipeline.ScalarAsync<string>(
            """
            select string_agg(a.role || '/' || n.kind || '/' || (n.body ->> 'code'), ',')
            from notifications n join agents a on a.id = n.agent_id
            """));
        ChannelRow row = Assert.Single(await new ChannelStopsStore(pipeline.App).ListAsync(
            pipeline.Tenant.Id, null, CancellationToken.None));
        Assert.Equal(("stopped", "190", "provider", 1), (row.Status, row.StopCode, row.StoppedBy, (int)row.Waiting));
        Assert.NotNull(row.NextProbeAt);
    }

    [Fact]
    public async Task CodeThatIsNoJson_StopsAndIsToldAsItIs()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ExecuteAsync(
            "insert into agents (tenant_id, id, name, role) select id, gen_random_uuid(), 'Rui', 'agent' from tenants");
        await StopAsync(pipeline, "a\"b\\");
        Assert.Equal("a\"b\\", await pipeline.ScalarAsync<string>("select body ->> 'code' from notifications"));
    }

    [Fact]
    public async Task EachResume_PullsWhatWaitsForwardAndDoublesNothing()
    {
        await using Pipeline pipeline = await AnsweredAsync(Ana, Bia, "5511987650003");
        await StopAsync(pipeline);
        for (int n = 0; n < 4; n++)
        {
            await pipeline.Stops.ResumeAsync(pipeline.Tenant.Id, pipeline.Channel.Id, CancellationToken.None);
            Assert.Equal("3/3/3", await WaitingAsync(pipeline));
            await pipeline.Stops.StopAsync(pipeline.Tenant.Id, pipeline.Channel.Id, CancellationToken.None);
            await pipeline.RunAsync(Queues.MessageDelivery);
        }
    }

    [Fact]
    public async Task ResumeByItself_RefusedAtOnce_DoublesNothingAndLooksLaterEachTime()
    {
        await using Pipeline pipeline = await AnsweredAsync(Ana, Bia, "5511987650003");
        await StopAsync(pipeline, "131042");
        var waits = new List<double>();
        for (int n = 0; n < 5; n++)
        {
            // The number can be read, and every send is refused.
            await PassAsync(pipeline, TimeSpan.FromMinutes(16));
            // One of the three that came back took the look; another one may have been sent, and refused, since.
            if (await StandingAsync(pipeline) == "active/131042") await PassAsync(pipeline, TimeSpan.FromMinutes(1));
            Assert.Equal("stopped/131042/provider", await StandingAsync(pipeline));
            waits.Add(await pipeline.ScalarAsync<double>(
                "select extract(epoch from next_probe_at - stopped_at)::float8 from channels"));
        }

        Assert.Equal("3/3", (await WaitingAsync(pipeline))[..3]);
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits[^1], 800, 901);
    }

    [Fact]
    public async Task Resume_WhatTheQueueLost_IsHandedToItOnce()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await StopAsync(pipeline);
        await pipeline.ExecuteAsync("delete from queue_messages");
        await pipeline.TravelAsync(TimeSpan.FromMinutes(3));
        for (int n = 0; n < 3; n++)
        {
            await pipeline.Stops.ResumeAsync(pipeline.Tenant.Id, pipeline.Channel.Id, CancellationToken.None);
            await pipeline.Stops.StopAsync(pipeline.Tenant.Id, pipeline.Channel.Id, CancellationToken.None);
            // As where a broker holds it: no row tells.
            await pipeline.ExecuteAsync("update queue_messages set subject = 'gone'");
        }

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from queue_messages"));
    }

    [Fact]
    public async Task RefusalWithoutACodeOfTheProviders_NeverStopsButIsSaid()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(
            new SendOutcome.NotNow("http_401", DoubtsAccount: true));
        for (int n = 0; n < 5; n++) await PassAsync(pipeline, TimeSpan.FromMinutes(1));

        Assert.Equal("active/http_401", await StandingAsync(pipeline));
        Assert.Single(pipeline.StopsLog.Lines);
        Assert.Equal("in doubt", (await new ChannelsProbe(pipeline.App).CheckAsync(CancellationToken.None)).State);

        Accept(pipeline);
        await PassAsync(pipeline, TimeSpan.FromMinutes(1));
        Assert.Equal("sent/1", await DeliveryAsync(pipeline));
        Assert.Equal("up", (await new ChannelsProbe(pipeline.App).CheckAsync(CancellationToken.None)).State);
    }

    [Fact]
    public async Task StoppedChannel_LooksByItselfLaterEachTime_AndSendsInOrderOnceItMay()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await StopAsync(pipeline);
        await pipeline.ReceiveAsync(Ana, "e mais isto");
        await pipeline.RunAsync(Queues.AiResponse);
        pipeline.Provider.Probe = new ChannelProbe.Refused("190");
        int sends = pipeline.Provider.Sends.Count;
        var waits = new List<double>();
        for (int n = 0; n < 4; n++)
        {
            await pipeline.ExecuteAsync("update channels set next_probe_at = now() - interval '1 s'");
            await PassAsync(pipeline, TimeSpan.FromMinutes(2));
            waits.Add(await pipeline.ScalarAsync<double>(
                "select extract(epoch from next_probe_at - now())::float8 from channels"));
        }

        Assert.Equal(sends, pipeline.Provider.Sends.Count);
        Assert.Equal(waits.Order(), waits);
        Assert.True(waits[^1] > 3 * waits[0], string.Join(' ', waits));
        Assert.Equal(
            "stopped", (await new ChannelsProbe(pipeline.App).CheckAsync(CancellationToken.None)).State);

        pipeline.Provider.Probe = new ChannelProbe.Accepted();
        Accept(pipeline);
        await pipeline.ExecuteAsync("update channels set next_probe_at = now() - interval '1 s'");
        for (int n = 0; n < 3; n++) await PassAsync(pipeline, TimeSpan.FromMinutes(2));
        Assert.Equal("active", await StandingAsync(pipeline));
        Assert.Equal(["1:sent", "2:sent"], await pipeline.ListAsync<string>(
            "select row_number() over (order by seq) || ':' || state from deliveries order by updated_at"));
        Assert.Equal(0, await pipeline.ScalarAsync<int>("select probes from channels"));
    }

    [Fact]
    public async Task ProbeThatSaysNothing_LetsOneSendTry_WhoseRefusalStopsAgain()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await StopAsync(pipeline);
        pipeline.Provider.Probe = new ChannelProbe.Unclear("http_404");
        int before = pipeline.Provider.Sends.Count;
        await PassAsync(pipeline, TimeSpan.FromMinutes(2));
        await PassAsync(pipeline, TimeSpan.FromSeconds(2));

        Assert.Equal(before + 1, pipeline.Provider.Sends.Count);
        Assert.Equal("stopped/190/provider", await StandingAsync(pipeline));
        Assert.Equal("pending", await pipeline.ScalarAsync<string>("select state from deliveries"));
    }

    [Fact]
    public async Task StoppedChannel_NothingWaits_TheJobLooks()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        Accept(pipeline);
        await pipeline.SettleAsync();
        await pipeline.ExecuteAsync("update channels set status = 'stopped'");
        await new ProbeChannels(pipeline.App, pipeline.Directory, pipeline.Stops).RunAsync(CancellationToken.None);

        Assert.Equal(1, pipeline.Provider.Probes);
        Assert.Equal("active", await pipeline.ScalarAsync<string>("select status from channels"));
    }

    [Fact]
    public async Task StoppedByAPerson_OnlyAPersonStartsIt_AndWhatWaitsGoesAtOnce()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        Accept(pipeline);
        await pipeline.Stops.StopAsync(pipeline.Tenant.Id, pipeline.Channel.Id, CancellationToken.None);
        for (int n = 0; n < 3; n++) await PassAsync(pipeline, TimeSpan.FromHours(1));
        await new ProbeChannels(pipeline.App, pipeline.Directory, pipeline.Stops).RunAsync(CancellationToken.None);
        Assert.Equal("stopped/operator/operator", await StandingAsync(pipeline));
        Assert.Equal(0, pipeline.Provider.Probes);
        Assert.Equal(
            DependencyLevel.Healthy, (await new ChannelsProbe(pipeline.App).CheckAsync(CancellationToken.None)).Level);
        Assert.Equal(0, await pipeline.RunAsync(Queues.MessageDelivery));

        await pipeline.Stops.ResumeAsync(pipeline.Tenant.Id, pipeline.Channel.Id, CancellationToken.None);
        Assert.Equal(1, await pipeline.RunAsync(Queues.MessageDelivery));
        Assert.Equal("sent/1", await DeliveryAsync(pipeline));
        await PassAsync(pipeline, TimeSpan.FromMinutes(2));
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task WindowEndsWhileStopped_TheReplyFailsVisiblyAndAPersonIsCalled()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.HasServiceWindow = true;
        await StopAsync(pipeline);
        int sends = pipeline.Provider.Sends.Count;
        await pipeline.TravelAsync(TimeSpan.FromHours(25));
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Equal(sends, pipeline.Provider.Sends.Count);
        Assert.Equal("failed/window_closed/1", await DeliveryAsync(pipeline));
        Assert.Equal("waiting/undelivered", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));
    }

    [Fact]
    public async Task RefusedWhileOthersGoOut_IsTheMessagesOwnFault()
    {
        await using Pipeline pipeline = await AnsweredAsync(Ana, Bia);
        pipeline.Provider.Outcome = m => Task.FromResult<SendOutcome>(m.To == Ana
            ? new SendOutcome.Refused("10", StopsChannel: true)
            : new SendOutcome.Sent("out." + m.Id));
        // A busy machine puts a send off for a moment before it is tried.
        const string tried = "select count(*) from deliveries where state = 'sent' or reason = '10'";
        for (int pass = 0; pass < 1_000 && await pipeline.ScalarAsync<long>(tried) < 2; pass++)
            await pipeline.RunAsync(Queues.MessageDelivery);
        await pipeline.Stops.WorksAsync(pipeline.Channel);
        pipeline.Clock.Ahead = TimeSpan.FromMinutes(3);
        await PassAsync(pipeline, TimeSpan.FromMinutes(3));

        Assert.Equal(["failed/provider:10", "sent"], await pipeline.ListAsync<string>(
            "select concat_ws('/', state, reason) from deliveries order by state"));
        Assert.Equal("active", await pipeline.ScalarAsync<string>("select status from channels"));
    }

    private static async Task<Pipeline> AnsweredAsync(params string[] customers)
    {
        Pipeline pipeline = await Pipeline.StartAsync(Quick);
        foreach (string customer in customers.DefaultIfEmpty(Ana)) await pipeline.ReceiveAsync(customer, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        return pipeline;
    }

    private static async Task StopAsync(Pipeline pipeline, string code = "190")
    {
        Refuse(pipeline, code);
        await pipeline.RunAsync(Queues.MessageDelivery);
        await PassAsync(pipeline, TimeSpan.FromSeconds(5));
        Assert.Equal("stopped", await pipeline.ScalarAsync<string>("select status from channels"));
    }

    private static void Refuse(Pipeline pipeline, string code) => pipeline.Provider.Outcome =
        _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused(code, StopsChannel: true));

    private static void Accept(Pipeline pipeline) => pipeline.Provider.Outcome =
        m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));

    private static async Task PassAsync(Pipeline pipeline, TimeSpan time)
    {
        await pipeline.TravelAsync(time);
        await pipeline.RunAsync(Queues.MessageDelivery);
    }

    private static Task<string> StandingAsync(Pipeline pipeline) => pipeline.ScalarAsync<string>(
        """
        select concat_ws('/', status, case when status = 'active' then doubt_code else stop_code end, stopped_by)
        from channels
        """);

    /// <summary>Rows of the queue, the deliveries they are about, and how many of them are due.</summary>
    private static Task<string> WaitingAsync(Pipeline pipeline) => pipeline.ScalarAsync<string>(
        """
        select concat_ws('/', count(*), count(distinct subject), count(*) filter (where due_at <= now()))
        from queue_messages where queue = 'message-delivery'
        """);

    private static Task<string> DeliveryAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<string>("select concat_ws('/', state, reason, sends) from deliveries");
}
