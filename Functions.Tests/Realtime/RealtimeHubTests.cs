using Vellarys.Realtime;
using Xunit;

namespace Vellarys.Tests.Realtime;

public sealed class RealtimeHubTests
{
    private static readonly TenantId Tenant = new(Ids.New(TimeProvider.System));

    private static RealtimeEvent Event(TenantId? tenant = null) =>
        new(tenant ?? Tenant, new(Ids.New(TimeProvider.System)), "message");

    [Fact]
    public void Publish_WithoutWatchers_AllocatesNothing()
    {
        var hub = new RealtimeHub();
        RealtimeEvent happened = Event();
        hub.Publish(happened);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++) hub.Publish(happened);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Publish_ToWatchersOfSeveralTenants_ReachesOnlyItsOwn()
    {
        var hub = new RealtimeHub();
        var other = new TenantId(Ids.New(TimeProvider.System));
        using RealtimeHub.Subscription mine = hub.Subscribe(Tenant, 10)!;
        using RealtimeHub.Subscription theirs = hub.Subscribe(other, 10)!;
        RealtimeEvent happened = Event();

        hub.Publish(happened);

        Assert.True(mine.Reader.TryRead(out RealtimeEvent? received));
        Assert.Equal(happened, received);
        Assert.False(theirs.Reader.TryRead(out _));
    }

    [Fact]
    public void Publish_ToAWatcherThatFellBehind_LetsItGo()
    {
        var hub = new RealtimeHub(capacity: 3);
        using RealtimeHub.Subscription slow = hub.Subscribe(Tenant, 10)!;

        for (int i = 0; i < 4; i++) hub.Publish(Event());

        Assert.Equal(0, hub.Count);
        for (int i = 0; i < 3; i++) Assert.True(slow.Reader.TryRead(out _));
        Assert.True(slow.Reader.Completion.IsCompleted);
    }

    [Fact]
    public void Subscribe_PastTheLimit_IsRefusedUntilOneLeaves()
    {
        var hub = new RealtimeHub();
        RealtimeHub.Subscription first = hub.Subscribe(Tenant, 1)!;

        Assert.Null(hub.Subscribe(Tenant, 1));
        first.Dispose();
        using RealtimeHub.Subscription? next = hub.Subscribe(Tenant, 1);
        Assert.NotNull(next);
    }
}
