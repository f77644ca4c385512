namespace Vellarys.Operations;

/// <summary>How watchers are served.</summary>
public sealed class RealtimeOptions
{
    public const string Section = "Realtime";

    /// <summary>
    /// How often a stream without events says that it is alive, so that proxies keep it and a dead client is noticed.
    /// Default 15 s.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Streams that one instance keeps open; further ones are told to come back. Default 256.</summary>
    public int MaxStreams { get; set; } = 256;
}
