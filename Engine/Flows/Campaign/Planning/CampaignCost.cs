using Vellarys.Accounts;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>What messages cost by the tenant's own prices.</summary>
/// <param name="Amount">Null where the price of one of them is not known; never a guess.</param>
internal sealed record CampaignCost(decimal? Amount, string Currency)
{
    /// <param name="messages">How many of each variant.</param>
    public static CampaignCost Of(
        IReadOnlyList<CampaignVariant> variants, IReadOnlyList<int> messages, CampaignSettings settings)
    {
        decimal? amount = 0;
        for (int i = 0; i < variants.Count; i++)
            if (messages[i] > 0) amount += messages[i] * settings.PriceOf(variants[i].Category);
        return new CampaignCost(amount, settings.Currency);
    }
}
