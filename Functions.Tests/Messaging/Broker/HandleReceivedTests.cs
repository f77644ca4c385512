using Microsoft.Extensions.DependencyInjection;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Xunit;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>Settling where the broker can fail between the parts of it.</summary>
public sealed class HandleReceivedTests : IAsyncLifetime
{
    private readonly Received _received = new(new BrokerMessage(
        new(Queues.AiResponse, Ids.New(TimeProvider.System), "{\"v\":1}")));

    private BrokerTransport _transport = null!;

    public async Task InitializeAsync() => _transport = await BrokerTransport.CreateAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task RunAsync_RetryCannotBeSent_MessageGoesBackInsteadOfAway()
    {
        _transport.Broker.IsDown = true;

        await RunAsync((_, _) => throw new TransientFault("busy", "Try again"));

        Assert.Equal(["abandoned"], _received.Settled);
        Assert.Empty(_transport.Broker.Sent);
    }

    [Fact]
    public async Task RunAsync_TwiceBecauseCompletingWasLost_LeavesOneRetry()
    {
        Task FailAsync(ReceivedMessage received, CancellationToken stop) =>
            throw new TransientFault("busy", "Try again");

        await RunAsync(FailAsync);
        await RunAsync(FailAsync);

        Assert.Equal(["completed", "completed"], _received.Settled);
        BrokerEnvelope retry = Assert.Single(_transport.Broker.Sent);
        Assert.Equal(2, BrokerEnvelope.Read(retry.Body, retry.Subject, retry.Properties).Attempt);
    }

    [Fact]
    public async Task RunAsync_HostStops_MessageGoesBackUncounted()
    {
        using CancellationTokenSource stop = new();

        await RunAsync(
            async (_, token) =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
            stop.Token);

        Assert.Equal(["abandoned"], _received.Settled);
    }

    [Fact]
    public async Task RunAsync_PutOffForNothingWhileTheHostStops_EndsAndGoesBack()
    {
        using CancellationTokenSource stop = new();
        int calls = 0;

        await RunAsync(
            async (received, token) =>
            {
                calls++;
                await stop.CancelAsync();
                await received.DeferAsync(TimeSpan.Zero, "stopping", token);
            },
            stop.Token);

        Assert.Equal(1, calls);
        Assert.Equal(["abandoned"], _received.Settled);
    }

    [Fact]
    public async Task RunAsync_CopyPutOffBriefly_LeavesItsPlaceToOthers()
    {
        _received.Content = _received.Content with { Copy = 3 };

        await RunAsync((received, stop) => received.DeferAsync(TimeSpan.FromMilliseconds(5), "not yet", stop));

        Assert.Equal(["completed"], _received.Settled);
        Assert.Equal(4, Assert.Single(_transport.Broker.Sent).Properties["copy"]);
    }

    [Fact]
    public async Task RunAsync_PutOffBriefly_IsSatOutUnderTheLock()
    {
        int calls = 0;

        await RunAsync((received, stop) =>
            ++calls < 4 ? received.DeferAsync(TimeSpan.FromMilliseconds(5), "not yet", stop) : Task.CompletedTask);

        Assert.Equal(4, calls);
        Assert.Equal(["completed"], _received.Settled);
        Assert.Empty(_transport.Broker.Sent);
    }

    [Fact]
    public async Task RunAsync_WaitsForOthers_EachWaitIsCountedAndAttemptsAreNot()
    {
        List<TimeSpan> waited = [];

        for (int copy = 0; copy < 30; copy++)
        {
            await RunAsync((received, stop) =>
            {
                waited.Add(received.Waited);
                return received.WaitForOthersAsync(TimeSpan.FromMilliseconds(200), "one comes first", stop);
            });
            BrokerEnvelope sent = _transport.Broker.Sent[^1];
            _received.Content = BrokerEnvelope.Read(sent.Body, sent.Subject, sent.Properties);
        }

        Assert.Equal(waited.Order(), waited);
        Assert.Equal((1, 30), (_received.Content.Attempt, _received.Content.Copy));
        // As long as its handler asks, however many copies there were: what comes first may come any moment.
        Assert.InRange(_received.Content.Waited, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task RunAsync_OutageOrNoPlace_IsNotCountedAsWaiting()
    {
        _received.Content = _received.Content with { Waited = TimeSpan.FromMinutes(3) };
        await RunAsync((_, _) => throw new TransientFault("away", "Away") { IsOutage = true });
        _received.Content = _received.Content with { Copy = 1 };
        await RunAsync((received, stop) => received.DeferAsync(TimeSpan.FromSeconds(1), "no place", stop));

        Assert.Equal(
            [TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3)],
            _transport.Broker.Sent.Select(e => BrokerEnvelope.Read(e.Body, e.Subject, e.Properties).Waited));
    }

    [Fact]
    public async Task RunAsync_PutOffForLong_IsSentAnewWithoutACountedAttempt()
    {
        await RunAsync((received, stop) => received.DeferAsync(TimeSpan.FromMinutes(5), "window", stop));

        Assert.Equal(["completed"], _received.Settled);
        BrokerEnvelope again = Assert.Single(_transport.Broker.Sent);
        Assert.Equal(1, BrokerEnvelope.Read(again.Body, again.Subject, again.Properties).Attempt);
        Assert.InRange(
            again.NotBefore!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
    }

    private async Task RunAsync(Func<ReceivedMessage, CancellationToken, Task> handle, CancellationToken stop = default)
    {
        HandleReceived received = ActivatorUtilities.CreateInstance<HandleReceived>(
            _transport.Start().Services, new HastyTime());
        await received.RunAsync(_received, new Handler(Queues.AiResponse, handle), stop);
    }

    /// <summary>Every wait is over at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.FromMinutes(1) ? dueTime : TimeSpan.Zero, period);
    }

    private sealed class Received(BrokerMessage content) : ILockedMessage
    {
        public BrokerMessage Content { get; set; } = content;

        public List<string> Settled { get; } = [];

        public Task CompleteAsync(CancellationToken cancellationToken) => Note("completed");

        public Task AbandonAsync(CancellationToken cancellationToken) => Note("abandoned");

        public Task DeadLetterAsync(string code, string reason, string history, CancellationToken cancellationToken) =>
            Note("dead");

        private Task Note(string what)
        {
            Settled.Add(what);
            return Task.CompletedTask;
        }
    }
}
