using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>What stands between a commit and the broker.</summary>
public sealed class RelayOutboxTests : IAsyncLifetime
{
    private static readonly TimeProvider Time = TimeProvider.System;
    private BrokerTransport _transport = null!;

    public async Task InitializeAsync() => _transport = await BrokerTransport.CreateAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task RunAsync_RowsOfACommit_ReachTheBrokerAndAreGone()
    {
        DateTimeOffset later = Time.GetUtcNow().AddHours(2);
        QueueMessage now = Message() with { Tenant = new TenantId(Ids.New(Time)), Subject = "s" };
        QueueMessage then = Message() with { NotBefore = later };
        QueueMessage urgent = Message() with { Priority = QueuePriority.Urgent };
        await WriteAsync(now, then, urgent);

        int sent = await Relay().RunAsync(default);

        Assert.Equal(3, sent);
        Assert.Equal(0, await CountAsync());
        BrokerMessage[] arrived = [.. _transport.Broker.Sent.Select(Read)];
        Assert.Contains(arrived, m => m.Message == now);
        Assert.Contains(arrived, m => m.Entity == BrokerMessage.UrgentEntity && m.Message.Id == urgent.Id);
        BrokerEnvelope scheduled = _transport.Broker.Sent.Single(e => e.Id == then.Id.ToString());
        Assert.Equal(later, scheduled.NotBefore!.Value, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task RunAsync_BrokerAway_RowsStayAndGoOutOnceItIsBack()
    {
        await WriteAsync(Message(), Message());
        _transport.Broker.IsDown = true;

        await Assert.ThrowsAsync<TransientFault>(() => Relay().RunAsync(default));
        await Relay().TryRunAsync(default);

        Assert.Equal(2, await CountAsync());
        _transport.Broker.IsDown = false;
        await LeasesEndAsync();
        Assert.Equal(2, await Relay().RunAsync(default));
    }

    [Fact]
    public async Task RunAsync_ManyRelaysAtOnce_SendEveryRowOnce()
    {
        List<QueueMessage> written = [.. Enumerable.Range(0, 2_000).Select(_ => Message())];
        BrokerProcess[] processes = [.. Enumerable.Range(0, 4).Select(_ => _transport.Start())];
        foreach (QueueMessage[] chunk in written.Chunk(100)) await WriteAsync(chunk);

        int[] sent = await Task.WhenAll(processes.Select(p => p.Get<RelayOutbox>().RunAsync(default)));

        Assert.Equal(2_000, sent.Sum());
        Assert.Equal(written.Select(m => m.Id).Order(), _transport.Broker.Sent.Select(e => Guid.Parse(e.Id)).Order());
    }

    [Fact]
    public async Task RunAsync_DiedAfterSending_SecondCopyIsRecognised()
    {
        QueueMessage message = Message();
        await WriteAsync(message);
        await _transport.Broker.SendAsync(message.Queue, [new BrokerMessage(message)], default);

        await Relay().RunAsync(default);

        Assert.Single(_transport.Broker.Sent);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task RunAsync_AfterARedrive_IsNotTakenForADuplicate()
    {
        QueueMessage message = Message();
        await _transport.Sender.SendAsync([message], default);
        Arrivals arrivals = new();
        bool isMended = false;
        _transport.Start(null, new Handler(message.Queue, (received, _) =>
        {
            if (!isMended) throw new PermanentFault("broken", "Broken");
            arrivals.Add(received);
            return Task.CompletedTask;
        }));
        await DiedAsync(message.Queue);

        isMended = true;
        await _transport.RedriveAsync(message.Id);
        await arrivals.ReachedAsync(1);

        Assert.Equal([message.Id], arrivals.Ids);
    }

    [Fact]
    public async Task RunAsync_AfterADeathAndARedrive_MessageStillHasItsOrderKey()
    {
        QueueMessage message = Message() with { OrderKey = Ids.New(Time), Subject = "wamid.1" };
        List<Guid?> keys = [];
        TaskCompletionSource again = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isMended = false;
        _transport.Start(null, new Handler(message.Queue, (received, _) =>
        {
            keys.Add(received.Message.OrderKey);
            if (!isMended) throw new PermanentFault("broken", "Broken");
            again.SetResult();
            return Task.CompletedTask;
        }));
        await _transport.Sender.SendAsync([message], default);
        await DiedAsync(message.Queue);

        isMended = true;
        await _transport.RedriveAsync(message.Id);
        await again.Task.WaitAsync(Arrivals.Patience);

        Assert.Equal([message.OrderKey, message.OrderKey], keys);
    }

    [Fact]
    public async Task RunAsync_MessageThatTheBrokerNeverTakes_IsADeadLetterAndTheOthersGo()
    {
        QueueMessage[] good = [Message(), Message(), Message()];
        QueueMessage bad = Message();
        await WriteAsync([good[0], bad, good[1], good[2]]);
        _transport.Broker.Refuses = bad.Id;

        await Relay().RunAsync(default);

        Assert.Equal(good.Select(m => m.Id.ToString()).Order(), _transport.Broker.Sent.Select(e => e.Id).Order());
        Assert.Equal(0, await CountAsync());
        DeadLetter dead = Assert.Single(await _transport.DeadLettersAsync(bad.Queue));
        Assert.Equal((bad.Id, "message_too_large"), (dead.Id, dead.Code));
    }

    [Fact]
    public async Task SendAsync_MessageThatTheBrokerNeverTakes_IsADeadLetterAndTheOthersGo()
    {
        QueueMessage[] sent = [Message(), Message(), Message()];
        _transport.Broker.Refuses = sent[1].Id;

        await _transport.Sender.SendAsync(sent, default);

        Assert.Equal([sent[0].Id.ToString(), sent[2].Id.ToString()], _transport.Broker.Sent.Select(e => e.Id));
        Assert.Equal(sent[1].Id, Assert.Single(await _transport.DeadLettersAsync(sent[1].Queue)).Id);
    }

    [Fact]
    public async Task RunAsync_OneQueueAway_TheOthersGoAndItsRowsStay()
    {
        QueueMessage here = Message();
        QueueMessage away = Message() with { Queue = Queues.NpsSurvey };
        await WriteAsync(here, away);
        _transport.Broker.IsAway = Queues.NpsSurvey;

        await Assert.ThrowsAsync<TransientFault>(() => Relay().RunAsync(default));

        Assert.Equal(here.Id.ToString(), Assert.Single(_transport.Broker.Sent).Id);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public void Envelope_LargeBody_TravelsCompressedAndComesBackWhole()
    {
        string body = "{\"v\":1,\"text\":\"" + new string('ç', 200_000) + "\"}";
        BrokerEnvelope envelope = BrokerEnvelope.Of(new(Message() with { Subject = "s" } with { Body = body }));

        Assert.True(envelope.Body.Length < 20_000, $"{envelope.Body.Length} bytes");
        Assert.Equal(body, Read(envelope).Message.Body);
    }

    [Theory]
    [InlineData("id", "not an id")]
    [InlineData("priority", "high")]
    [InlineData("encoding", "br")]
    public void Envelope_NotOurs_IsRefusedWithItsReason(string property, object value)
    {
        BrokerEnvelope envelope = BrokerEnvelope.Of(new(Message()));
        Dictionary<string, object> damaged = new(envelope.Properties) { [property] = value };

        PermanentFault refused = Assert.Throws<PermanentFault>(
            () => BrokerEnvelope.Read(envelope.Body, null, damaged));

        Assert.Equal("bad_envelope", refused.Code);
    }

    private RelayOutbox Relay() => _transport.Start().Get<RelayOutbox>();

    private static BrokerMessage Read(BrokerEnvelope envelope) =>
        BrokerEnvelope.Read(envelope.Body, envelope.Subject, envelope.Properties);

    private static QueueMessage Message() => new(Queues.AiResponse, Ids.New(Time), "{\"v\":1}");

    private async Task WriteAsync(params QueueMessage[] messages)
    {
        IOutbox outbox = _transport.Start().Get<IOutbox>();
        await using NpgsqlBatch batch = _transport.Pool.CreateBatch();
        using Reservation none = outbox.Reserve(Queues.AiResponse, messages.Length);
        batch.BatchCommands.Add(WorkerScope.Command());
        batch.BatchCommands.Add(outbox.InsertCommand(messages, none));
        await batch.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync()
    {
        await using NpgsqlBatch batch = _transport.Pool.CreateWorkerBatch("select count(*) from queue_messages");
        await using NpgsqlDataReader row = await batch.ReadRowsAsync(default);
        await row.ReadAsync();
        return row.GetInt64(0);
    }

    private async Task DiedAsync(string queue)
    {
        using CancellationTokenSource patience = new(Arrivals.Patience);
        while ((await _transport.DeadLettersAsync(queue)).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private async Task LeasesEndAsync()
    {
        await using NpgsqlBatch end = _transport.Pool.CreateWorkerBatch(
            "update queue_messages set relayed_until = now() - interval '1 second'");
        await end.ExecuteNonQueryAsync();
    }
}
