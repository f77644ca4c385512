namespace Vellarys.Accounts;

/// <summary>What a plan limits by the month. Stable: they are stored.</summary>
internal static class PlanAmounts
{
    public const string Messages = "messages";
    public const string Conversations = "conversations";
    public const string ModelTokens = "model_tokens";
}
