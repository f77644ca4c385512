using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>Looks for prompt injection in whatever came from outside.</summary>
internal static class InputGuard
{
    /// <summary>The class of the attack, or null for text that may pass.</summary>
    public static string? Inspect(string text)
    {
        if (text.Length == 0) return null;
        if (ForgedMarks.In(text)) return "forged_structure";
        if (Match(text) is { } attack) return attack;
        string decoded = GuardFold.Decoded(text);
        return decoded.Length > 0 && (ForgedMarks.In(decoded) || Match(decoded) is not null) ? "encoded_payload" : null;
    }

    private static string? Match(string text)
    {
        string folded = GuardFold.Fold(text);
        return (folded.AsSpan().ContainsAny(AttackRules.OrderStems) ? First(AttackRules.AboutOrders, folded) : null)
            ?? First(AttackRules.Others, folded);
    }

    private static string? First((string Attack, Regex Pattern)[] rules, string folded)
    {
        foreach ((string attack, Regex pattern) in rules)
        {
            if (pattern.IsMatch(folded)) return attack;
        }

        return null;
    }
}
