namespace Vellarys.Realtime;

/// <summary>How watchers are served.</summary>
internal sealed class RealtimeOptions
{
    public const string Section = "Realtime";

    /// <summary>
    /// How often a stream without events says that it is alive, so that proxies keep it and a dead client is noticed.
    /// Default 15 s.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Streams that one instance keeps open; further ones are told to come back. Default 256.</summary>
    public int MaxStreams { get; set; } = 256;

    /// <summary>How many of them one tenant may have, so that others find room. Default 128.</summary>
    public int MaxStreamsPerTenant { get; set; } = 128;

    /// <summary>
    /// After this a stream ends in order and its watcher opens the next one: for platforms that cut off long responses
    /// (Azure's front end after 230 s without a byte, Functions at the function's time-out). Null (the default): never.
    /// </summary>
    public TimeSpan? MaxDuration { get; set; }

    /// <summary>What is wrong, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Heartbeat <= TimeSpan.Zero || Heartbeat > TimeSpan.FromHours(1))
            yield return $"{Section}:{nameof(Heartbeat)} must be positive and at most 1 hour";
        if (MaxStreams < 0) yield return $"{Section}:{nameof(MaxStreams)} must not be negative";
        if (MaxStreamsPerTenant < 0)
            yield return $"{Section}:{nameof(MaxStreamsPerTenant)} must not be negative";
        if (MaxDuration <= TimeSpan.Zero || MaxDuration > TimeSpan.FromDays(1))
            yield return $"{Section}:{nameof(MaxDuration)} must be positive and at most 1 day";
    }
}
