namespace Vellarys.Channels;

/// <summary>How fast a provider lets a number send; whoever sends faster is refused, and later blocked.</summary>
public abstract record SendPace
{
    private SendPace()
    {
    }

    /// <summary>Nobody counts.</summary>
    public static SendPace Free { get; } = new Unlimited();

    /// <summary>The rules of Meta's Cloud API, whoever passes them on.</summary>
    public static SendPace Meta { get; } = new MetaRules();

    public sealed record Unlimited : SendPace;

    /// <summary>A number's throughput and the pair limit, as section <c>Limits</c> has them.</summary>
    public sealed record MetaRules : SendPace;

    /// <summary>So many messages of a number in any such stretch of time.</summary>
    public sealed record PerNumber(int Messages, TimeSpan Period) : SendPace;
}
