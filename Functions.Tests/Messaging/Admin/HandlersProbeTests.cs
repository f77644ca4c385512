using Vellarys.Health;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Tests.Limits;
using Xunit;

namespace Vellarys.Tests.Messaging.Admin;

public sealed class HandlersProbeTests
{
    private readonly StuckHandlers _handlers = new(LimitsParts.Meters);
    private readonly QueueMessage _endless = Message("a conversation");

    [Fact]
    public async Task HandlerThatDoesNotEnd_IsReportedWithItsQueueUntilItDoes()
    {
        HandlersProbe probe = new(_handlers);
        _handlers.Add(_endless);
        DependencyState stuck = await probe.CheckAsync(default);
        _handlers.Remove(_endless);
        DependencyState ended = await probe.CheckAsync(default);

        Assert.Equal((DependencyLevel.Degraded, "stuck"), (stuck.Level, stuck.State));
        Assert.Equal([new("ai-response", 1)], stuck.Figures!);
        Assert.Equal((DependencyLevel.Healthy, "up"), (ended.Level, ended.State));
    }

    [Fact]
    public void WorkOfAHandlerThatDoesNotEnd_IsKnownByMessageAndBySubject()
    {
        _handlers.Add(_endless);

        Assert.True(_handlers.Holds(_endless));
        Assert.True(_handlers.Holds(Message("a conversation")));
        Assert.False(_handlers.Holds(Message("another")));
        Assert.False(_handlers.Holds(Message("a conversation") with { Queue = Queues.MessageDelivery }));
        Assert.False(_handlers.Holds(Message("a conversation") with { Tenant = new TenantId(Guid.Empty) }));
    }

    private static QueueMessage Message(string subject) =>
        new(Queues.AiResponse, Ids.New(TimeProvider.System), "{}") { Subject = subject };
}
