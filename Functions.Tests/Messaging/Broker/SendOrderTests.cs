using Microsoft.Extensions.DependencyInjection;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>Whom a message names as the one that it follows, whatever happened to those before it.</summary>
public sealed class SendOrderTests : IAsyncLifetime
{
    private static readonly Guid Ana = Ids.New(TimeProvider.System);
    private static readonly Guid Bia = Ids.New(TimeProvider.System);
    private readonly ManualTime _time = new();
    private BrokerTransport _transport = null!;
    private BrokerQueue _queue = null!;

    public async Task InitializeAsync()
    {
        _transport = await BrokerTransport.CreateAsync();
        _queue = ActivatorUtilities.CreateInstance<BrokerQueue>(
            _transport.Start().Services, new LocalLastSent(_time), _time);
    }

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task SendAsync_OneCustomersMessages_EachFollowsTheOneBefore()
    {
        await SendAsync(Message("1"), Message("2"), Message("b", Bia));
        await SendAsync(Message("3"), Message("c", Bia));

        Assert.Equal([("1", null), ("2", "1"), ("b", null), ("3", "2"), ("c", "b")], Sent);
    }

    [Fact]
    public async Task SendAsync_HoursLater_StillFollows()
    {
        await SendAsync(Message("1"));
        _time.Advance(TimeSpan.FromHours(9));
        await SendAsync(Message("2"));
        _time.Advance(TimeSpan.FromHours(20));
        await SendAsync(Message("3"));

        Assert.Equal([("1", null), ("2", "1"), ("3", "2")], Sent);
    }

    [Fact]
    public async Task SendAsync_LateCopyOfAnEarlierOne_DoesNotBecomeTheNewest()
    {
        string[] subjects = ["1", "2", "1", "3", "2", "1", "3", "4"];
        foreach (string subject in subjects) await SendAsync(Message(subject));

        Assert.Equal(
            [
                ("1", null), ("2", "1"), ("1", null), ("3", "2"), ("2", "1"), ("1", null), ("3", "2"), ("4", "3"),
            ],
            Sent);
    }

    [Fact]
    public async Task SendAsync_CopiesWithinOneCall_FollowWhomTheFirstDid()
    {
        await SendAsync(Message("1"), Message("2"), Message("1"), Message("3"), Message("2"));

        Assert.Equal([("1", null), ("2", "1"), ("1", null), ("3", "2"), ("2", "1")], Sent);
    }

    [Fact]
    public async Task SendAsync_MessageThatTheBrokerNeverTakes_IsFollowedByNobody()
    {
        QueueMessage refused = Message("2");
        _transport.Broker.Refuses = refused.Id;
        await SendAsync(Message("1"));
        await SendAsync(refused);
        await SendAsync(Message("3"));

        Assert.Equal([("1", null), ("3", "1")], Sent);
    }

    [Fact]
    public async Task SendAsync_MessageInTheMiddleOfACallIsNeverTaken_TheOthersFollowEachOther()
    {
        QueueMessage refused = Message("2");
        _transport.Broker.Refuses = refused.Id;
        await SendAsync(Message("1"), refused, Message("b", Bia), Message("3"));
        await SendAsync(Message("3"), Message("4"));

        Assert.Equal([("1", null), ("b", null), ("3", "1"), ("3", "1"), ("4", "3")], Sent);
    }

    [Fact]
    public async Task SendAsync_BrokerAway_IsFollowedByNobody()
    {
        _transport.Broker.IsDown = true;
        await Assert.ThrowsAsync<TransientFault>(() => SendAsync(Message("1")));
        _transport.Broker.IsDown = false;
        await SendAsync(Message("2"));

        Assert.Equal([("2", null)], Sent);
    }

    [Fact]
    public async Task SendAsync_NextComesWhileOneIsOnItsWay_FollowsIt()
    {
        TaskCompletionSource arrives = new();
        _transport.Broker.Holds = arrives.Task;
        Task[] sendings =
            [SendAsync(Message("1")), SendAsync(Message("2")), SendAsync(Message("3"), Message("b", Bia))];
        arrives.SetResult();
        await Task.WhenAll(sendings);

        string?[] inTurn = [null, .. Sent.Where(s => s.Item1 != "b").Select(s => s.Item1)];
        Assert.Equal(inTurn[..^1], Sent.Where(s => s.Item1 != "b").Select(s => s.Item2));
    }

    [Fact]
    public async Task SendAsync_CallerLeavesWhileTheBrokerTakesIt_IsFollowed()
    {
        TaskCompletionSource arrives = new();
        _transport.Broker.Holds = arrives.Task;
        using CancellationTokenSource caller = new();
        Task left = _queue.SendAsync([Message("1")], caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        arrives.SetResult();

        await SendAsync(Message("2"));

        Assert.Equal([("1", null), ("2", "1")], Sent);
    }

    [Fact]
    public async Task SendAsync_CopyAfterManyOthersOfItsCall_FollowsWhomTheFirstDid()
    {
        string[] many = [.. Enumerable.Range(1, 3 * SentMessages.Kept).Select(n => $"{n}")];
        await SendAsync([.. many.Append("2").Append("next").Select(s => Message(s))]);

        Assert.Equal([("2", "1"), ("next", many[^1])], Sent.TakeLast(2));
    }

    private IEnumerable<(string?, string?)> Sent => _transport.Broker.Sent.Select(e =>
        (e.Subject, BrokerEnvelope.Read(e.Body, e.Subject, e.Properties).Message.Follows));

    private Task SendAsync(params QueueMessage[] messages) => _queue.SendAsync(messages, CancellationToken.None);

    private static QueueMessage Message(string subject, Guid? key = null) =>
        new(Queues.MessageProcessing, Ids.New(TimeProvider.System), "{\"v\":1}")
        {
            Subject = subject, OrderKey = key ?? Ana,
        };
}
