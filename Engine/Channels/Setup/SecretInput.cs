using Vellarys.Http;

namespace Vellarys.Channels.Setup;

/// <summary>A new webhook secret.</summary>
internal sealed record SecretInput
{
    private const int MostHours = 30 * 24;

    public string? Secret { get; set; }

    /// <summary>How long the one before stays good beside it, in hours. Default 24; at most 720.</summary>
    public int OverlapHours { get; set; } = 24;

    public IEnumerable<FieldFault> Faults()
    {
        if (ChannelInput.SecretFault(Secret, 16, 200) is { } secret) yield return new FieldFault("secret", secret);
        if (OverlapHours is < 0 or > MostHours)
            yield return new FieldFault("overlapHours", $"must be a number from 0 to {MostHours}");
    }

    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"new secret, {OverlapHours} h";
}
