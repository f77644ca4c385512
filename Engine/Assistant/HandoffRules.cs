namespace Vellarys.Assistant;

/// <summary>
/// When a person is called: the one place that says so, for answers of the model and of the offline assistant.
/// </summary>
internal static class HandoffRules
{
    /// <param name="asked">What the answer itself asks for; null for nothing.</param>
    public static HandoffReason? Decide(
        HandoffReason? asked, Qualification qualification, bool helped, TurnContext context)
    {
        // What the customer said goes before what we conclude.
        if (asked is HandoffReason.CustomerAsked or HandoffReason.Complaint) return asked;
        if (qualification == Qualification.Hot) return HandoffReason.HotLead;
        if (asked is not null) return asked;
        return helped || !IsLastAttempt(context) ? null : HandoffReason.AttemptsExhausted;
    }

    /// <summary>One more answer that does not help, and the attempts are used up.</summary>
    public static bool IsLastAttempt(TurnContext context) => context.FailedAttempts + 1 >= context.MaxFailedAttempts;
}
