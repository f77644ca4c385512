namespace Vellarys.Accounts;

/// <summary>Amounts of a tenant's plan that are used up: whose turns the assistant leaves to a person.</summary>
/// <param name="Reached">Of <see cref="PlanAmounts"/>.</param>
/// <param name="FullSince">From when on a new conversation is one too many.</param>
public sealed record PlanLimit(IReadOnlyList<string> Reached, DateTimeOffset? FullSince)
{
    /// <summary>
    /// Whether a conversation that began then is a person's. One that began within its plan goes on, whatever number
    /// has begun since.
    /// </summary>
    public bool Stops(DateTimeOffset began) =>
        Reached.Any(r => r is PlanAmounts.Messages or PlanAmounts.ModelTokens)
        || (Reached.Contains(PlanAmounts.Conversations) && began >= FullSince);
}
