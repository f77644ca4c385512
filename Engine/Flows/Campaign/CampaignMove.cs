namespace Vellarys.Flows.Campaign;

/// <summary>What <see cref="CampaignFlow"/> decides.</summary>
internal abstract record CampaignMove
{
    private CampaignMove()
    {
    }

    /// <param name="TakesBack">What is not claimed yet does not go out meanwhile.</param>
    public sealed record Wait(DateTimeOffset Until, bool TakesBack = false) : CampaignMove;

    /// <param name="Most">So many at most.</param>
    /// <param name="From">The first of them not before that, the others the interval later each.</param>
    public sealed record Release(int Most, DateTimeOffset From) : CampaignMove;

    /// <summary>Few of the first failed: on to the rest.</summary>
    public sealed record PassStage : CampaignMove;

    /// <summary>Until a person lets it go on.</summary>
    /// <param name="Reason">Stable, as <c>failures</c>.</param>
    public sealed record Halt(string Reason) : CampaignMove;

    /// <summary>Each contact was written to or skipped.</summary>
    public sealed record Finish : CampaignMove;
}
