using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>What a capability does when one of its messages is given up, on both transports.</summary>
public sealed class DeadLetterHookTests : IAsyncLifetime
{
    private PostgresTransport _transport = null!;

    public async Task InitializeAsync() => _transport = await PostgresTransport.CreateAsync();

    public async Task DisposeAsync() => await _transport.DisposeAsync();

    [Fact]
    public async Task PostgresQueue_MessageGivenUp_IsToldBeforeItIsADeadLetter()
    {
        Hook hook = new();
        await using PostgresProcess process = await _transport.StartAsync(new QueueOptions(), 4, hook);
        QueueMessage sent = Message();

        await _transport.Sender.SendAsync([sent], default);

        Assert.Equal(sent, await hook.Told.Task.WaitAsync(Arrivals.Patience));
    }

    [Fact]
    public async Task Broker_MessageGivenUp_IsToldAsItIsKept()
    {
        Hook hook = new();
        QueueMessage dead = Message();

        await Keeper(hook).RunAsync(
            new BrokerMessage(dead), "no", "No", TimeProvider.System.GetUtcNow(), CancellationToken.None);

        Assert.Equal(dead, await hook.Told.Task.WaitAsync(Arrivals.Patience));
    }

    [Fact]
    public async Task Hook_ThatFails_KeepsNoDeadLetterFromItsPlace()
    {
        Hook hook = new() { Fails = true };

        await Keeper(hook).RunAsync(
            new BrokerMessage(Message()), "no", "No", TimeProvider.System.GetUtcNow(), CancellationToken.None);

        Assert.Single(await _transport.DeadLettersAsync(Queues.AiResponse));
    }

    private KeepDeadLetter Keeper(Hook hook) => new(
        _transport.Database.App, new DeadLetterHooks([hook], NullLogger<DeadLetterHooks>.Instance),
        TimeProvider.System);

    private static QueueMessage Message() => new(Queues.AiResponse, Ids.New(TimeProvider.System), "{\"v\":1}");

    private sealed class Hook : IMessageHandler, IDeadLetterHook
    {
        public string Queue => Queues.AiResponse;

        public bool Fails { get; init; }

        public TaskCompletionSource<QueueMessage> Told { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HandleAsync(ReceivedMessage received, CancellationToken cancellationToken) =>
            throw new PermanentFault("no", "No");

        public Task RunAsync(QueueMessage dead, string code, CancellationToken cancellationToken)
        {
            if (Fails) throw new InvalidOperationException("no");
            Told.SetResult(dead);
            return Task.CompletedTask;
        }
    }
}
