namespace Vellarys.Channels.Stops;

/// <summary>A channel as an operator sees it, without its secrets.</summary>
internal sealed record ChannelRow
{
    public Guid Id { get; init; }

    /// <summary>Which provider: <c>meta-cloud</c>, <c>evolution</c>...</summary>
    public string Kind { get; init; } = "";

    /// <summary>The provider's own key of the number.</summary>
    public string Address { get; init; } = "";

    public string DisplayName { get; init; } = "";

    /// <summary>Where its provider is; null where all channels share one.</summary>
    public string? ServerUrl { get; init; }

    /// <summary><c>active</c> or <c>stopped</c>: then what is to be sent waits.</summary>
    public string Status { get; init; } = "";

    /// <summary>The provider's code, or <c>operator</c>; null while it is active.</summary>
    public string? StopCode { get; init; }

    /// <summary><c>provider</c> or <c>operator</c>.</summary>
    public string? StoppedBy { get; init; }

    public DateTime? StoppedAt { get; init; }

    /// <summary>When it is looked at again by itself; null where a person has to start it.</summary>
    public DateTime? NextProbeAt { get; init; }

    /// <summary>Refused once and not sent since; null when nothing is in doubt.</summary>
    public string? DoubtCode { get; init; }

    public DateTime? DoubtedAt { get; init; }

    /// <summary>Messages that wait to be sent.</summary>
    public long Waiting { get; init; }
}
