namespace Vellarys.Flows.Campaign.Planning;

/// <summary>What asking for a campaign led to.</summary>
internal abstract record CampaignCreation
{
    private CampaignCreation()
    {
    }

    /// <param name="IsNew">False: the same was asked for a moment ago.</param>
    public sealed record Made(Guid Id, bool IsNew) : CampaignCreation;

    public sealed record Invalid(string Field, string Reason) : CampaignCreation;

    /// <summary>Contacts that the tenant does not have.</summary>
    /// <param name="Places">Where in the list of different ids, from 0; the first of them.</param>
    public sealed record Unknown(IReadOnlyList<int> Places) : CampaignCreation;

    /// <param name="Code">Stable, as <c>template_required</c>.</param>
    public sealed record Refused(string Code, string Reason) : CampaignCreation;
}
