namespace Vellarys.Realtime;

/// <summary>How watchers are served.</summary>
internal sealed class RealtimeOptions
{
    public const string Section = "Realtime";

    private static readonly TimeSpan AskedAgain = TimeSpan.FromMinutes(1);

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

    /// <summary>
    /// Who may watch is asked when a stream begins. So that what is taken away ends one as well, that of somebody who
    /// signed in, or of a tenant's key, ends within a minute, and its watcher comes back, or cannot.
    /// </summary>
    internal RealtimeOptions ForTokens() => new()
    {
        Heartbeat = Heartbeat,
        MaxStreams = MaxStreams,
        MaxDuration = MaxDuration < AskedAgain ? MaxDuration : AskedAgain,
    };

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
