namespace Vellarys.Assistant.Guard;

/// <summary>Looks for prompt injection in whatever came from outside.</summary>
internal static class InputGuard
{
    /// <summary>Said of text that could not be inspected in time: it does not pass.</summary>
    public const string TooLong = "inspection_timeout";

    /// <summary>The class of the attack, or null for text that may pass.</summary>
    public static string? Inspect(string text) =>
        text.Length == 0 ? null : Patterns.Read(() => Attack(text), TooLong);

    private static string? Attack(string text)
    {
        if (ForgedMarks.In(text)) return "forged_structure";
        if (Match(text) is { } attack) return attack;
        string decoded = GuardFold.Decoded(text);
        return decoded.Length > 0 && (ForgedMarks.In(decoded) || Match(decoded) is not null) ? "encoded_payload" : null;
    }

    private static string? Match(string text)
    {
        string folded = GuardFold.Fold(text);
        foreach (AttackRule rule in AttackRules.All)
        {
            if (rule.Matches(folded)) return rule.Attack;
        }

        return null;
    }
}
