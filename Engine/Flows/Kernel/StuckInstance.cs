namespace Vellarys.Flows.Kernel;

/// <summary>When a host's runner is taken not to move a flow any more.</summary>
public static class StuckInstance
{
    /// <summary>How long a flow's row and its instance may lag behind each other before it counts.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <param name="lastUpdatedAt">The instance's last progress.</param>
    public static bool IsQuiet(DateTimeOffset lastUpdatedAt, DateTimeOffset now) => lastUpdatedAt < now - Grace;
}
